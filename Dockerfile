# docker build -t eco-connect-verification .
# Models are installed into the volume /models at the first start; /data holds the database. Everything else may be read-only.
FROM node:24-slim AS dependencies
WORKDIR /app
# Its script would download CUDA libraries; the CPU provider is inside the package.
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force

FROM node:24-slim
WORKDIR /app
# Two heaps of the C library instead of sixteen: a fifth less memory, at no cost that could be measured (bench/NOTES.md).
ENV MALLOC_ARENA_MAX=2
ENV ENV=production HOST=0.0.0.0 PORT=5000 DATA_DIR=/data MODELS_DIR=/models NPM_CONFIG_CACHE=/tmp/npm
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE README.md ./
COPY config config
COPY models/manifest.json models/manifest.json
COPY onnx onnx
COPY scripts scripts
COPY src src
COPY static static
COPY workers workers
RUN mkdir /data /models && chown node:node /data /models
USER node
VOLUME ["/data", "/models"]
EXPOSE 5000
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s CMD ["node", "-e", "fetch('http://127.0.0.1:5000/api/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: signals reach the service itself.
# V8 loses track of code pages now and then when threads start and end on processors with protection keys, and aborts.
CMD ["node", "--no-memory-protection-keys", "src/server/start.js"]
