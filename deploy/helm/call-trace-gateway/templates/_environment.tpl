{{/* The settings of the gateway, as a YAML map of texts: what the chart computes, the files, then `settings`. */}}
{{- define "call-trace-gateway.environment" -}}
{{- with .Values.contactCentre }}
CMS_BASE_URLS: {{ join "," .urls | quote }}
CMS_AUTH: {{ .auth | quote }}
{{- with .signingProxyUrl }}
CMS_SIGNING_PROXY_URL: {{ . | quote }}
{{- end }}
CMS_MAX_CONCURRENCY: {{ int .maxConcurrency | quote }}
CMS_AUTH_FAILURES_MAX: {{ int .authFailuresMax | quote }}
{{- end }}
{{- with .Values.auth }}
AUTH_MODE: {{ .mode | quote }}
{{- if has .mode (list "jwt" "both") }}
AUTH_ISSUER: {{ .issuer | quote }}
AUTH_AUDIENCE: {{ .audience | quote }}
{{- with .jwksUrl }}
AUTH_JWKS_URL: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
PORT: "4000"
ADMIN_PORT: {{ include "call-trace-gateway.adminPort" . | quote }}
REQUEST_DEADLINE_MS: {{ int .Values.requestDeadlineMs | quote }}
DRAIN_MS: {{ int .Values.drainMs | quote }}
CACHE_MEMORY_MIB: {{ int .Values.cacheMemoryMiB | quote }}
TRUSTED_PROXIES: {{ int .Values.trustedProxies | quote }}
TRUSTED_DOCUMENTS: {{ .Values.trustedDocuments.mode | quote }}
{{- range $file := include "call-trace-gateway.files" . | fromYamlArray }}
{{- range $setting, $key := $file.keys }}
{{ $setting }}: {{ printf "%s/%s" $file.path $key | quote }}
{{- end }}
{{- end }}
{{- range $setting, $value := .Values.settings }}
{{ $setting }}: {{ include "call-trace-gateway.text" $value | quote }}
{{- end }}
{{- end }}
