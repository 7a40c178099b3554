ARG NODE_IMAGE=node:22.21.1-bookworm-slim

# TypeScript and packages to dist/: needs the bundler, leaves it behind.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json build.js ./
COPY schema ./schema
COPY src ./src
RUN npm run build

# What runs needs, and no more. Apart from the sources, so that it is rebuilt only when the lock file changes.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM ${NODE_IMAGE} AS runtime
ARG REVISION=unknown
LABEL org.opencontainers.image.title="call-trace-gateway" \
      org.opencontainers.image.description="A GraphQL gateway over the call trace interface of a CC-CMS contact centre" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY schema/*.graphql ./schema/
# The image's user `node`, by number: an orchestrator that demands a non-root user can check it. Nothing here is theirs to write.
USER 1000:1000
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 4000) + '/healthz').then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# node itself is process 1 and gets SIGTERM; npm or a shell would keep it to themselves.
CMD ["node", "dist/main.js"]
