{{/* Name of the chart's part in the names of resources. */}}
{{- define "call-trace-gateway.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Name of the resources: release and chart, or the release alone if it holds the chart's name. */}}
{{- define "call-trace-gateway.fullname" -}}
{{- $name := include "call-trace-gateway.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 57 | trimSuffix "-" }}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 57 | trimSuffix "-" }}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 57 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "call-trace-gateway.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "call-trace-gateway.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* What selects the gateways: never changes in the life of a release, whatever its values. */}}
{{- define "call-trace-gateway.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: gateway
{{- end }}

{{- define "call-trace-gateway.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "call-trace-gateway.selectorLabels" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "call-trace-gateway.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end }}
{{- end }}

{{/* Where the admin port is: not a value, for nobody outside the chart names it. */}}
{{- define "call-trace-gateway.adminPort" -}}9090{{- end }}

{{/* A value as a setting takes it. Helm reads numbers as floats, and would write 2592000 as 2.592e+06. */}}
{{- define "call-trace-gateway.text" -}}
{{- if kindIs "float64" . -}}
{{- if eq . (floor .) }}{{ printf "%.0f" . }}{{ else }}{{ . }}{{ end }}
{{- else -}}
{{- . }}
{{- end }}
{{- end }}

{{/* Most gateways that are wanted, and that run at once: an update adds maxSurge, a percentage of it rounded up. */}}
{{- define "call-trace-gateway.replicas" -}}
{{- if .Values.autoscaling.enabled }}{{ int .Values.autoscaling.maxReplicas }}{{ else }}{{ int .Values.replicaCount }}{{ end }}
{{- end }}
{{- define "call-trace-gateway.gatewaysAtOnce" -}}
{{- $surge := include "call-trace-gateway.comesTo" (list . .Values.updateStrategy.maxSurge 99) | int -}}
{{- add (include "call-trace-gateway.replicas" .) $surge .Values.contactCentre.gatewaysElsewhere }}
{{- end }}

{{/* A number of gateways, or a percentage of the most that are wanted. Takes the root, the value, and 99 to round up or 0 to round down. */}}
{{- define "call-trace-gateway.comesTo" -}}
{{- $value := index . 1 | toString -}}
{{- if hasSuffix "%" $value -}}
{{- $hundredths := include "call-trace-gateway.replicas" (first .) | int | mul (trimSuffix "%" $value | int) | add (last .) -}}
{{- div $hundredths 100 }}
{{- else -}}
{{- $value }}
{{- end }}
{{- end }}

{{/*
What Kubernetes waits before it kills a gateway: until it has drained, finished its operations, and had 12 s for the rest:
5 for connections, up to 6 for traces, audit and log, and one to spare. Unit: s.
*/}}
{{- define "call-trace-gateway.graceSeconds" -}}
{{- $ms := add .Values.drainMs .Values.requestDeadlineMs 999 -}}
{{- add (div $ms 1000) 12 }}
{{- end }}

{{/* A file of the chart whose links to runbooks lead to the source tree of the operator. Takes the root and the file's name. */}}
{{- define "call-trace-gateway.linked" -}}
{{- $root := first . -}}
{{- $root.Files.Get (last .) | replace "https://call-trace-gateway.example" (trimSuffix "/" $root.Values.sourceUrl) }}
{{- end }}
