{{/*
Fails with a sentence for each combination of values that would lock the address of the gateways at the contact centre,
overload it, lock callers out, let no gateway start, or be ignored. What a single value may be says values.schema.json.
*/}}
{{- define "call-trace-gateway.refuse" -}}
{{- $problems := list -}}
{{- range $kind := list "missing" "ignored" "startless" "dangers" -}}
{{- $problems = concat $problems (include (printf "call-trace-gateway.%s" $kind) $ | fromYamlArray) -}}
{{- end -}}
{{- if $problems -}}
{{- printf "these values cannot be used:\n  - %s\n" (join "\n  - " $problems) | fail -}}
{{- end -}}
{{- end }}

{{/* What a choice needs and does not have. */}}
{{- define "call-trace-gateway.missing" -}}
{{- $cc := .Values.contactCentre -}}
{{- $auth := .Values.auth -}}
{{- if not $cc.urls }}
- 'contactCentre.urls is empty: give the addresses of the contact centre, such as https://192.0.2.10:28443'
{{- end }}
{{- if not $cc.existingSecret }}
- 'contactCentre.existingSecret is empty: name the secret with {{ ternary "bearer-token" "access-key and secret-key" (eq $cc.auth "bearer") }}'
{{- end }}
{{- if and (eq $cc.auth "proxy") (not $cc.signingProxyUrl) }}
- 'contactCentre.signingProxyUrl is empty: contactCentre.auth=proxy needs the service that signs'
{{- end }}
{{- if and (has $auth.mode (list "api-key" "both")) (not $auth.apiKeysSecret) }}
- 'auth.apiKeysSecret is empty: auth.mode={{ $auth.mode }} needs the secret with api-keys.json'
{{- end }}
{{- if has $auth.mode (list "jwt" "both") }}
{{- range $name := list "issuer" "audience" }}
{{- if not (index $auth $name) }}
- 'auth.{{ $name }} is empty: auth.mode={{ $auth.mode }} takes no token without it'
{{- end }}
{{- end }}
{{- if eq (empty $auth.jwksUrl) (empty $auth.publicKeysSecret) }}
- 'auth.jwksUrl or auth.publicKeysSecret: auth.mode={{ $auth.mode }} needs one of them, not both'
{{- end }}
{{- end }}
{{- if and .Values.redis.enabled (not .Values.redis.existingSecret) }}
- 'redis.existingSecret is empty: name the secret with url, or say redis.enabled=false'
{{- end }}
{{- if and (ne .Values.trustedDocuments.mode "off") (not .Values.trustedDocuments.existingConfigMap) }}
- 'trustedDocuments.existingConfigMap is empty: trustedDocuments.mode={{ .Values.trustedDocuments.mode }} needs the manifest'
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}
- 'ingress.hosts is empty: the Ingress would lead nowhere'
{{- end }}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) }}
- 'httpRoute.parentRefs is empty: the HTTPRoute would hang from no Gateway'
{{- end }}
{{- if and (or .Values.prometheusRule.enabled .Values.dashboard.enabled) (not .Values.sourceUrl) }}
- 'sourceUrl is empty: the runbooks of alerts and dashboard would lead nowhere; give the address under which docs/ is to be found'
{{- end }}
{{- if .Values.networkPolicy.enabled }}
{{- range $name := ternary (list "clients" "contactCentreCidrs" "redis") (list "clients" "contactCentreCidrs") .Values.redis.enabled }}
{{- if not (index $.Values.networkPolicy $name) }}
- 'networkPolicy.{{ $name }} is empty: the policy would cut the gateways off from {{ get (dict "clients" "everybody who asks" "contactCentreCidrs" "the contact centre" "redis" "Redis") $name }}'
{{- end }}
{{- end }}
{{- if and .Values.serviceMonitor.enabled (not .Values.networkPolicy.monitoring) }}
- 'networkPolicy.monitoring is empty: the policy would forbid what the ServiceMonitor asks for'
{{- end }}
{{- if not .Values.networkPolicy.extraEgress }}
{{- $asked := dict "contactCentre.signingProxyUrl" $cc.signingProxyUrl "auth.jwksUrl" $auth.jwksUrl }}
{{- range $name := list "OTEL_EXPORTER_OTLP_ENDPOINT" "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" }}
{{- $asked = set $asked (printf "settings.%s" $name) (get $.Values.settings $name) }}
{{- end }}
{{- range $name, $url := $asked }}
{{- if $url }}
- 'networkPolicy.extraEgress is empty: the policy would cut the gateways off from {{ $name }}'
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* What is given and would not be used. */}}
{{- define "call-trace-gateway.ignored" -}}
{{- $cc := .Values.contactCentre -}}
{{- $auth := .Values.auth -}}
{{- $uses := list
      (list "contactCentre" $cc (list "signingProxyUrl") (eq $cc.auth "proxy") "contactCentre.auth=proxy")
      (list "contactCentre" $cc (list "secondPair") (eq $cc.auth "signature") "contactCentre.auth=signature")
      (list "auth" $auth (list "apiKeysSecret") (has $auth.mode (list "api-key" "both")) "auth.mode=api-key or both")
      (list "auth" $auth (list "issuer" "audience" "jwksUrl" "publicKeysSecret") (has $auth.mode (list "jwt" "both")) "auth.mode=jwt or both")
      (list "redis" .Values.redis (list "existingSecret" "caSecret" "sentinelAuthSecret" "encryptionKeysSecret") .Values.redis.enabled "redis.enabled=true")
      (list "trustedDocuments" .Values.trustedDocuments (list "existingConfigMap") (ne .Values.trustedDocuments.mode "off") "trustedDocuments.mode=log or enforce")
      (list "serviceAccount" .Values.serviceAccount (list "annotations") .Values.serviceAccount.create "serviceAccount.create=true") -}}
{{- range $use := $uses }}
{{- range $name := index $use 2 }}
{{- if and (index $use 1 $name) (not (index $use 3)) }}
- '{{ first $use }}.{{ $name }} would be ignored: it needs {{ last $use }}'
{{- end }}
{{- end }}
{{- end }}
{{- range $label, $value := include "call-trace-gateway.selectorLabels" . | fromYaml }}
{{- if hasKey $.Values.podLabels $label }}
- 'podLabels has {{ $label }}, by which the chart selects the gateways'
{{- end }}
{{- end }}
{{- end }}

{{/* With what no gateway starts, though each value is possible. */}}
{{- define "call-trace-gateway.startless" -}}
{{- $attemptMs := get .Values.settings "CMS_ATTEMPT_TIMEOUT_MS" | default 4000 | int -}}
{{- if lt (int .Values.requestDeadlineMs) $attemptMs }}
- 'requestDeadlineMs is {{ int .Values.requestDeadlineMs }}: it must not be less than settings.CMS_ATTEMPT_TIMEOUT_MS, which is {{ $attemptMs }}'
{{- end }}
{{- $places := dict "auth.jwksUrl" (list .Values.auth.jwksUrl) }}
{{- if ne (get .Values.settings "CMS_ALLOW_PLAIN_HTTP" | toString) "true" }}
{{- $places = merge $places (dict "contactCentre.urls" .Values.contactCentre.urls "contactCentre.signingProxyUrl" (list .Values.contactCentre.signingProxyUrl)) }}
{{- end }}
{{- range $name, $urls := $places }}
{{- range $url := $urls }}
{{- if and (hasPrefix "http://" $url) (not (regexMatch "^http://(localhost|127\\.[0-9.]+|\\[::1\\])(:|/|$)" $url)) }}
- '{{ $name }} has {{ $url | replace "'" "''" }}: no gateway starts so{{ if ne $name "auth.jwksUrl" }}, unless settings.CMS_ALLOW_PLAIN_HTTP is true{{ end }}'
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* What would hurt the contact centre, or callers. */}}
{{- define "call-trace-gateway.dangers" -}}
{{- $cc := .Values.contactCentre -}}
{{- $gateways := include "call-trace-gateway.gatewaysAtOnce" . | int -}}
{{- $counted := printf "%d gateways at once (%s%s%s)" $gateways
      (ternary "autoscaling.maxReplicas" "replicaCount" .Values.autoscaling.enabled)
      " + updateStrategy.maxSurge"
      (ternary " + contactCentre.gatewaysElsewhere" "" (gt (int $cc.gatewaysElsewhere) 0)) -}}
{{- if and (ne $cc.auth "bearer") (ge (mul $gateways $cc.authFailuresMax) (int64 $cc.locksAfter)) }}
- 'a wrong key would lock the address at the contact centre for everybody behind it: {{ $counted }} × contactCentre.authFailuresMax {{ int $cc.authFailuresMax }} = {{ mul $gateways $cc.authFailuresMax }} refused signatures, and it locks after contactCentre.locksAfter = {{ int $cc.locksAfter }}. Lower authFailuresMax or the number of gateways'
{{- end }}
{{- if gt (mul $gateways $cc.maxConcurrency) (int64 $cc.capacity) }}
- 'the contact centre could be overloaded: {{ $counted }} × contactCentre.maxConcurrency {{ int $cc.maxConcurrency }} = {{ mul $gateways $cc.maxConcurrency }} requests in flight, and it bears contactCentre.capacity = {{ int $cc.capacity }}. Lower maxConcurrency or the number of gateways'
{{- end }}
{{- if and $cc.secondPair (lt (int $cc.authFailuresMax) 2) }}
- 'contactCentre.authFailuresMax must be at least 2 with contactCentre.secondPair: at 1 the second pair is never tried'
{{- end }}
{{- if and (not .Values.redis.enabled) (gt (include "call-trace-gateway.replicas" . | int) 1) }}
- 'without Redis each gateway asks the contact centre for itself, and forgetCall reaches one of them: say redis.enabled=true, or one gateway'
{{- end }}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) }}
- 'autoscaling.minReplicas must not be more than autoscaling.maxReplicas'
{{- end }}
{{- if and (has (toString .Values.updateStrategy.maxSurge) (list "0" "0%")) (has (toString .Values.updateStrategy.maxUnavailable) (list "0" "0%")) }}
- 'updateStrategy.maxSurge and maxUnavailable are both 0: no update could begin'
{{- end }}
{{- $ending := dict
      "updateStrategy" (include "call-trace-gateway.comesTo" (list . .Values.updateStrategy.maxUnavailable 0))
      "podDisruptionBudget" (ternary (include "call-trace-gateway.comesTo" (list . .Values.podDisruptionBudget.maxUnavailable 99)) "0" .Values.podDisruptionBudget.enabled) -}}
{{- range $name, $count := $ending }}
{{- if gt (int $count) 1 }}
- '{{ $name }}.maxUnavailable comes to {{ $count }} gateways: those that end still ask the contact centre, beside those that replace them. Let it be 1 at most'
{{- end }}
{{- end }}
{{- if and (or .Values.ingress.enabled .Values.httpRoute.enabled) (lt (int .Values.trustedProxies) 1) }}
- 'trustedProxies is 0 behind {{ ternary "an Ingress" "an HTTPRoute" .Values.ingress.enabled }}: every client would have the address of the proxy, and the wrong credentials of one would make all of them wait. Give the number of proxies in front of the gateways'
{{- end }}
{{- if and .Values.podDisruptionBudget.enabled (has (toString .Values.podDisruptionBudget.maxUnavailable) (list "0" "0%")) }}
- 'podDisruptionBudget.maxUnavailable is 0: no node with a gateway could ever be drained'
{{- end }}
{{- end }}
