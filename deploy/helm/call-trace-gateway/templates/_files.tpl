{{/*
The files that a gateway reads, as a YAML list: the volume, the secret or ConfigMap behind it, where it is mounted, and
the setting that names each of its files. Whole volumes, no subPath: only so do files follow a secret that changes. The gateway
reads again the keys and the token of the contact centre, api-keys.json and public-keys.pem; the others at its start alone.
*/}}
{{- define "call-trace-gateway.files" -}}
{{- $files := list -}}
{{- with .Values.contactCentre -}}
{{- $keys := dict "CMS_ACCESS_KEY_FILE" "access-key" "CMS_SECRET_KEY_FILE" "secret-key" -}}
{{- if eq .auth "bearer" -}}
{{- $keys = dict "CMS_BEARER_TOKEN_FILE" "bearer-token" -}}
{{- else if .secondPair -}}
{{- $keys = merge $keys (dict "CMS_ACCESS_KEY_2_FILE" "access-key-2" "CMS_SECRET_KEY_2_FILE" "secret-key-2") -}}
{{- end -}}
{{- $files = append $files (dict "name" "contact-centre" "secret" .existingSecret "keys" $keys) -}}
{{- $files = append $files (dict "name" "contact-centre-proxy" "secret" .proxyUrlSecret "keys" (dict "CMS_PROXY_URL_FILE" "proxy-url")) -}}
{{- $files = append $files (dict "name" "contact-centre-ca" "secret" .tls.caSecret "keys" (dict "CMS_CA_FILE" "ca.crt")) -}}
{{- $files = append $files (dict "name" "contact-centre-client" "secret" .tls.clientSecret "keys" (dict "CMS_CERT_FILE" "tls.crt" "CMS_KEY_FILE" "tls.key")) -}}
{{- end -}}
{{- with .Values.auth -}}
{{- if has .mode (list "api-key" "both") -}}
{{- $files = append $files (dict "name" "api-keys" "secret" .apiKeysSecret "keys" (dict "API_KEYS_FILE" "api-keys.json")) -}}
{{- end -}}
{{- if has .mode (list "jwt" "both") -}}
{{- $files = append $files (dict "name" "token-keys" "secret" .publicKeysSecret "keys" (dict "AUTH_PUBLIC_KEY_FILE" "public-keys.pem")) -}}
{{- end -}}
{{- end -}}
{{- $files = append $files (dict "name" "number-hash-key" "secret" .Values.numberHashKeySecret "keys" (dict "NUMBER_HASH_KEY_FILE" "number-hash-key")) -}}
{{- $files = append $files (dict "name" "otlp-headers" "secret" .Values.otlpHeadersSecret "keys" (dict "OTEL_EXPORTER_OTLP_HEADERS_FILE" "otlp-headers")) -}}
{{- with .Values.redis -}}
{{- if .enabled -}}
{{- $files = append $files (dict "name" "redis" "secret" .existingSecret "keys" (dict "REDIS_URL_FILE" "url")) -}}
{{- $files = append $files (dict "name" "redis-ca" "secret" .caSecret "keys" (dict "REDIS_CA_FILE" "ca.crt")) -}}
{{- $files = append $files (dict "name" "redis-sentinels" "secret" .sentinelAuthSecret "keys" (dict "REDIS_SENTINEL_AUTH_FILE" "sentinel-auth")) -}}
{{- $files = append $files (dict "name" "cache-encryption" "secret" .encryptionKeysSecret "keys" (dict "CACHE_ENCRYPTION_KEYS_FILE" "encryption-keys")) -}}
{{- end -}}
{{- end -}}
{{- if .Values.codes -}}
{{- $files = append $files (dict "name" "codes" "configMap" (printf "%s-codes" (include "call-trace-gateway.fullname" .)) "keys" (dict "CODES_FILE" "codes.json")) -}}
{{- end -}}
{{- with .Values.trustedDocuments -}}
{{- if ne .mode "off" -}}
{{- $files = append $files (dict "name" "trusted-documents" "configMap" .existingConfigMap "keys" (dict "TRUSTED_DOCUMENTS_FILE" "manifest.json")) -}}
{{- end -}}
{{- end -}}
{{- range $file := $files -}}
{{- if or $file.secret $file.configMap }}
- {{ merge $file (dict "path" (printf "%s/%s" (ternary "/run/secrets" "/etc/call-trace-gateway" (hasKey $file "secret")) $file.name)) | toJson }}
{{- end -}}
{{- end -}}
{{- end }}
