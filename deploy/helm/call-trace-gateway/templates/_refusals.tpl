{{/*
Fails with a sentence for each combination of values that would lock the address of the gateways at the contact centre,
overload it, lock callers out, or let no gateway start. What a single value may be says values.schema.json.
*/}}
{{- define "call-trace-gateway.refuse" -}}
{{- $problems := concat (include "call-trace-gateway.missing" . | fromYamlArray) (include "call-trace-gateway.dangers" . | fromYamlArray) -}}
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
{{- if and (or .Values.ingress.enabled .Values.httpRoute.enabled) (lt (int .Values.trustedProxies) 1) }}
- 'trustedProxies is 0 behind {{ ternary "an Ingress" "an HTTPRoute" .Values.ingress.enabled }}: every client would have the address of the proxy, and the wrong credentials of one would make all of them wait. Give the number of proxies in front of the gateways'
{{- end }}
{{- if and .Values.podDisruptionBudget.enabled (has (toString .Values.podDisruptionBudget.maxUnavailable) (list "0" "0%")) }}
- 'podDisruptionBudget.maxUnavailable is 0: no node with a gateway could ever be drained'
{{- end }}
{{- end }}
