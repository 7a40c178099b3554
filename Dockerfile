# The newest Node 24. To be sure of the same bytes in each build, pin it by digest: `docker buildx imagetools inspect
# node:24.21.0-trixie-slim` prints it, and `--build-arg NODE_IMAGE=node:24.21.0-trixie-slim@sha256:…` takes it.
ARG NODE_IMAGE=node:24.21.0-trixie-slim

# TypeScript and packages to dist/: needs the bundler and all packages, and leaves them behind.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json build.js LICENSE ./
COPY src ./src
COPY simulator ./simulator
COPY viewer ./viewer
COPY client/src ./client/src
RUN npm run build

FROM ${NODE_IMAGE} AS runtime
ARG REVISION=unknown
LABEL org.opencontainers.image.title="call-trace-gateway" \
      org.opencontainers.image.description="A GraphQL gateway over the call trace interface of a CC-CMS contact centre" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production REVISION=${REVISION}
WORKDIR /app
# dist/ holds its packages; nothing else is read, but the schema and the version in package.json.
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY schema/*.graphql schema/reference.html ./schema/
COPY deploy/healthcheck.sh ./
# The image's user `node`, by number: an orchestrator that demands a non-root user can check it. Nothing here is theirs to write.
USER 1000:1000
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["bash", "/app/healthcheck.sh"]
# node itself is process 1 and gets SIGTERM; npm or a shell would keep it to themselves. The heap grows to
# twice what lives, not to four times: docs/performance.md, "Memory".
CMD ["node", "--heap-growing-percent=100", "dist/main.js"]
