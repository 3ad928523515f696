# The server as an image: not root, and it writes nowhere but to /data.
#   docker build -t verge . && docker run --read-only --tmpfs /tmp -v verge:/data -p 3000:3000 -e BOOTSTRAP_API_KEY=… verge
# docs/container.md has the rest, and compose.yaml several of it with PostgreSQL and a store for models.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN npm run build
# What runs needs a small part of what builds. --filter-prod: else what tests need comes along.
RUN rm -rf node_modules apps/*/node_modules packages/*/node_modules examples/*/node_modules
RUN npx --yes pnpm@10.34.9 install --prod --no-optional --frozen-lockfile --filter-prod '@vergeai/api...'

FROM node:24.21.0-bookworm-slim
RUN mkdir --mode=700 /data && chown node:node /data
WORKDIR /app
COPY --from=build /build/LICENSE /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/prisma/migrations ./prisma/migrations
COPY --from=build /build/docs/llms.txt ./docs/llms.txt
COPY --from=build /build/packages/domain/package.json ./packages/domain/package.json
COPY --from=build /build/packages/domain/dist ./packages/domain/dist
COPY --from=build /build/packages/contract/package.json ./packages/contract/package.json
COPY --from=build /build/packages/contract/node_modules ./packages/contract/node_modules
COPY --from=build /build/packages/contract/dist ./packages/contract/dist
COPY --from=build /build/packages/db/package.json ./packages/db/package.json
COPY --from=build /build/packages/db/node_modules ./packages/db/node_modules
COPY --from=build /build/packages/db/dist ./packages/db/dist
COPY --from=build /build/apps/api/package.json ./apps/api/package.json
COPY --from=build /build/apps/api/node_modules ./apps/api/node_modules
COPY --from=build /build/apps/api/dist ./apps/api/dist
COPY --from=build /build/apps/web/dist ./apps/web/dist
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 3000
# Uploads under way get 25 seconds; give it 30 until it is killed.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/api/dist/main.js"]
