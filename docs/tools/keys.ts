/** Meaning of each key of a configuration, for its page of the reference. A test compares it with the schemas. */
export const keys: Readonly<Record<string, string>> = {
  plugins: "Modules that bring more types of sources and sinks.",
  "dbms.NAME.type": "`sql`, or a type of a plugin. Sources of it have the type `dbms.NAME`.",
  "dbms.NAME.url": "URL of the database; its scheme says which one: see [Databases](../guide/3.databases.md).",
  "dbms.NAME.connection_string": "The same as ML Launchpad had it: URLs for SQLAlchemy are understood.",
  "dbms.NAME.host": "Replaces the host of the URL.",
  "dbms.NAME.port": "Replaces the port of the URL.",
  "dbms.NAME.user": "Replaces the user of the URL.",
  "dbms.NAME.password": "Replaces the password of the URL; `password_var` takes it from a variable.",
  "dbms.NAME.database": "Replaces the database of the URL.",
  "dbms.NAME.auth_token": "Token of a libSQL server; `auth_token_var` takes it from a variable.",
  "dbms.NAME.options": "Options of the connection: see [Databases](../guide/3.databases.md).",
  "datasources.NAME.type": "Type of the data: see [Data](../guide/2.data.md).",
  "datasources.NAME.tags": "Which functions of the model see it; all, where there is none.",
  "datasources.NAME.expires": "How long what was read is kept; nothing is, unless told.",
  "datasources.NAME.cache_size": "How many results, of as many parameters of a query, are kept.",
  "datasources.NAME.options": "Options of the type: of CSV those of pandas.",
  "datasources.NAME.path": "Path or URL of a file.",
  "datasources.NAME.deadline": "Seconds that one file may take in all.",
  "datasources.NAME.max_bytes": "The most bytes that a source may have, decompressed.",
  "datasources.NAME.redirects": "Whether a server may redirect to `any` address, private ones among them.",
  "datasources.NAME.timeout": "Seconds for a transfer.",
  "datasources.NAME.compression": "How the file is compressed; its name says it, unless told.",
  "datasources.NAME.headers": "Headers of requests to `https:` URLs.",
  "datasources.NAME.endpoint": "URL of a server that speaks S3, where it is not Amazon's.",
  "datasources.NAME.region": "Region of the bucket.",
  "datasources.NAME.access_key_id": "Name of the key for S3; a variable gives it by `access_key_id_var`.",
  "datasources.NAME.secret_access_key": "Key for S3, by `secret_access_key_var`.",
  "datasources.NAME.session_token": "Token of a session for S3, by `session_token_var`.",
  "datasources.NAME.dtypes_path": "File in which pandas' dtypes of the columns are kept.",
  "datasources.NAME.query": "Query of a database source; `:name` are its parameters.",
  "datasources.NAME.table": "Table that a database sink writes to.",
  "model_store.location": "Where models are kept: see [Model store](../guide/5.model-store.md).",
  "model_store.refresh": "How often an API looks for a newer model.",
  "model_store.sign_key": "Private key that trainings sign with, by `sign_key_var` only.",
  "model_store.verify_key": "Public keys: nothing is loaded that none of them has signed.",
  "model.name": "Name in the store, in paths and in metrics.",
  "model.version": "Version of the model; the whole number at its beginning is that of the API.",
  "model.module":
    "Module with `train`, `test` and `predict`, or a [model file](../guide/10.model-files.md), its URL, or a folder of MLflow. Keys of your own may stand beside: functions get the section as `config`.",
  "model.order_columns_not_used_warning": "When a model is warned that takes columns as they come.",
  "model.gates": "What a metric must reach before a run is made current: see [Model store](../guide/5.model-store.md).",
  "model.breaking": "Whether a run may be made current that breaks its callers.",
  "model.serve": "Alias whose run the API serves, instead of the current one.",
  "model.type": "Type of the model, where its name and contents leave it open.",
  "model.location":
    "How the place is reached whose URL `module` is: `endpoint`, `headers`, `region`, keys, as beside the `path` of a data source.",
  "model.engine": "What runs a graph of ONNX: the reader itself (`portable`), or onnxruntime if it is installed.",
  "model.python": "Interpreter of a [model in Python](../guide/8.python.md).",
  "model.processes": "Processes that predict, for models in Python and R.",
  "model.batch": "How requests that wait are taken together, for models in Python and R with `predict_batch`.",
  "model.batch.max_rows": "The most that are taken together.",
  "model.batch.max_delay_ms": "How long the first of them waits for others.",
  "model.frames": "What `source(...)` gives in Python.",
  "model.pickle": "What happens to contents that are a pickle: loading one runs its code.",
  "model.export": "Format in which what was trained in Python is exported, so that it serves without Python.",
  "model.memory_limit": "Memory of a process in Python or R.",
  "model.card": "What people say of the model, for its card: see [See a model](../guide/11.see-a-model.md).",
  "model.card.description": "What the model is, in Markdown.",
  "model.card.intended_use": "What it is for.",
  "model.card.limits": "What it cannot do, or must not be used for.",
  "model.card.ethics": "What to consider before it decides about people.",
  "model.card.contacts": "Whom to ask.",
  "model.card.license": "Identifier of SPDX, or a name.",
  "model.card.tags": "Words that it is found by.",
  "model.card.languages": "Languages of texts that it takes.",
  "api.name": "First part of the path: `/NAME/v1`.",
  "api.raml": "RAML file that describes the API: see [the API](../guide/4.api.md).",
  "api.openapi": "OpenAPI file that describes the API.",
  "api.resource": "Last part of the path, where no file describes the API.",
  "api.preload_datasources": "Whether sources for predictions are read at the start.",
  "api.root_path": "As in ML Launchpad: what is in its folder `static` is served at `/static`.",
  "api.static": "Folder of files that answer where the API does not; refused if it holds anything private.",
  "api.max_body_bytes": "The largest request body; 10485760 (10 MiB) unless told.",
  "api.batch": "Whether there is `POST <resource>:batch`; yes, but for Workers, unless told.",
  "api.max_batch_bytes": "The most bytes that a request to `<resource>:batch` may hold; 10 GiB unless told.",
  "api.max_batch_rows": "The most rows that a request to `<resource>:batch` may hold; 10,000,000 unless told.",
  "api.trusted_proxies":
    "Addresses that `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix` are believed of: see [Access](../guide/16.access.md).",
  "auth.api_keys":
    "Digests of keys, by the names of callers: `NAME: sha256:...`, or `{ sha256, models, routes }`. `launchpad keys create NAME` prints a key and its digest.",
  "auth.jwt": "Whose tokens are taken: see [Access](../guide/16.access.md).",
  "auth.jwt.issuer": "Issuer of the tokens.",
  "auth.jwt.issuer_var": "Variable that holds the issuer.",
  "auth.jwt.audience": "Whom the tokens must be for.",
  "auth.jwt.audience_var": "Variable that holds the audience.",
  "auth.jwt.jwks": "Where the issuer's public keys are.",
  "auth.jwt.jwks_var": "Variable that holds that URL.",
  "auth.jwt.algorithms": "Algorithms that tokens may be signed with; none with a shared secret.",
  "auth.jwt.clock_skew": "How far the clocks may be apart.",
  "auth.jwt.name": "Claim that names the caller.",
  "auth.jwt.scopes": "Scopes of which a token needs one; as a mapping, with the models and paths that each opens.",
  "auth.mtls": "Takes callers by their certificates, which a proxy or the platform has checked.",
  "auth.mtls.from": "Addresses of proxies that may say so; those of `api.trusted_proxies` unless told.",
  "auth.mtls.verified": "Header that says `SUCCESS` of a valid certificate.",
  "auth.mtls.subject": "Header with the subject of the certificate.",
  "auth.mtls.callers": "Models and paths by subject; other subjects may ask nothing then.",
  "auth.proxy": "Takes callers whom a proxy names.",
  "auth.proxy.from": "Addresses of proxies that may say so; those of `api.trusted_proxies` unless told.",
  "auth.proxy.header": "Header with the name of the caller.",
  "auth.proxy.callers": "Models and paths by name; others may ask nothing then.",
  "auth.public": "Paths that anybody may ask. `/docs` is the page with its files, and `/openapi.json`.",
  "auth.resource": "URL of the API as callers know it, for those who give out tokens (RFC 9728).",
  "limits.by_key": "How much one caller may ask, by name: a rate, or a mapping.",
  "limits.by_key.requests": "Requests in a time.",
  "limits.by_key.burst": "How many may come at once; as many as in the rate, unless told.",
  "limits.by_key.concurrent": "Requests at the same time.",
  "limits.by_key.binding": "On Workers: the rate limiting binding that counts.",
  "limits.by_address": "How much one address may ask, whoever calls; of IPv6, one network of 64 bits.",
  "limits.by_address.requests": "Requests in a time.",
  "limits.by_address.burst": "How many may come at once; as many as in the rate, unless told.",
  "limits.by_address.concurrent": "Requests at the same time.",
  "limits.by_address.binding": "On Workers: the rate limiting binding that counts.",
  "limits.model": "How many requests have predictions made at the same time, and how many may wait.",
  "limits.model.concurrent": "Requests at the same time.",
  "limits.model.queue": "Requests that may wait for a place; others are answered with 503.",
  "limits.model.wait": "How long one may wait.",
  "limits.max_url_bytes": "Path and query; longer ones are answered with 414.",
  "limits.max_header_bytes": "All headers together; larger ones are answered with 431.",
  "limits.max_fields": "Fields of a form; 100000 unless told.",
  "limits.max_parts": "Parts of a multipart form; 10000 unless told.",
  "limits.max_field_bytes": "One field or file of a form.",
  "limits.header_timeout": "How long the headers of a request may take: on Node, 60 seconds unless told.",
  "limits.stall_timeout":
    "How long a process of `--workers` may compute without a pause before another takes its place; 60 seconds unless told.",
  "limits.body_timeout": "How long the body of a request may take; 120 seconds unless told.",
  "api.unknown_parameters": "Whether names that nobody described are refused (unless told) or ignored.",
  "api.results":
    "What happens to a result that does not fit the API file: 500 (`check`, unless told), a warning (unless told for RAML 0.8), nothing.",
  "api.docs": "Whether there are `/docs` and `/openapi.json`.",
  "api.pages":
    "Whether there are pages for people at `/`: unless told there are; packages have none. See [See a model](../guide/11.see-a-model.md).",
  "api.admin": "Whether there is `/admin`.",
  "api.admin_token_var": "Variable that holds the token for `/admin`.",
  "api.timeout": "Seconds for a request, then it is given up with 504.",
  "api.cors": "Which pages of other origins may ask.",
  "api.cors.origins": "Their origins.",
  "api.cors.headers": "Headers that they may send; those they ask for, unless told.",
  "api.cors.max_age": "How long a browser may keep the answer.",
  "api.cors.credentials": "Whether they may send cookies.",
  "api.response_headers":
    "What each response says: ids of requests, the model that answered. Without it the model, and the id that a caller sent.",
  "api.compression": "Whether answers are compressed for callers that understand it.",
  "api.compression.threshold": "The smallest answer that is, in bytes.",
  "api.problem_types":
    "URL of a page about errors, such as that of `npm run docs:site`: `type` of a problem document is this URL, `#` and the code in small letters. Without it `type` is `about:blank`.",
  "api.access_log": "Whether each request is logged.",
  "api.protocols": "Other protocols in which models are asked: see [Protocols](../guide/15.protocols.md).",
  "api.metrics": "Whether there is `/metrics`; yes, but for Workers, unless told.",
  "api.metrics.token_var": "Variable that holds the token for `/metrics`.",
  "api.metrics.push": "Where the numbers are sent.",
  "api.metrics.push_token_var": "Variable that holds the token for it.",
  "api.metrics.push_interval": "How often they are sent.",
  "api.metrics.otlp":
    "URL of a collector of OpenTelemetry that they are sent to; `true` for what its variables say, `false` for nowhere. Unless told, as its variables say, but on Workers.",
  "api.log": "Where predictions are kept: see [Watching](../guide/12.watching.md).",
  "api.log.sink": "Data sink that they go to, batch by batch.",
  "api.log.sample": "Share of predictions that are kept.",
  "api.log.columns": "Inputs that are kept; all of them unless told.",
  "api.log.redact": "Paths in inputs and predictions whose values become `***`.",
  "api.log.target": "Path in a prediction of the value that comes true.",
  "api.log.retention_days": "Days after which rows are removed from a table of a database.",
  "model.rollout": "Runs that are asked beside the one that serves: see [Watching](../guide/12.watching.md).",
  "model.rollout.canary": "The run that answers some of the requests.",
  "model.rollout.canary.alias": "The alias that points to it.",
  "model.rollout.canary.percent": "How many requests of a hundred it answers.",
  "model.rollout.canary.sticky":
    "What tells callers apart, so that each meets one model: `key`, or the name of a header.",
  "model.rollout.shadow": "Alias of a run that is asked as well, and answers nobody.",
  "model.rollout.abort_if": "When the canary is taken back.",
  "model.rollout.abort_if.error_rate": "Its share of failed predictions.",
  "model.rollout.abort_if.p99": "Seconds, or a multiple, that one of a hundred of its predictions may take.",
  "model.rollout.abort_if.drift": "Whether drift of its predictions ends it.",
  "model.rollout.promote_after": "How long it must be without a fault to serve all.",
  "drift.profile": "Whether a training keeps how its inputs and predictions were distributed.",
  "drift.inputs": "Which inputs are compared, of an API that nobody described.",
  "drift.window": "How long predictions are counted together.",
  "drift.alpha": "How often a window without drift may raise an alarm.",
  "drift.min_rows": "The fewest predictions that are compared.",
  "drift.alert": "Who is told: see [Watching](../guide/12.watching.md).",
  "drift.alert.webhook": "URL that alarms are sent to.",
  "drift.alert.webhook_var": "Variable that holds it.",
  "drift.alert.command": "Command that is started for an alarm.",
  "drift.alert.after": "How many windows in a row must drift.",
};

/** Keys that a type of model reads by itself, with what it takes; see the guides. */
export const keysOfTypes: Readonly<Record<string, string>> = {
  "model.target": "Name of the column that is predicted, of a model file.",
  "model.classes": "Labels, in the order of the model's probabilities.",
  "model.features": "Names of features in their order, or from those in the file to those in the API.",
  "model.expected": "File with rows and what the library predicted for them: the proof of the import.",
  "model.tolerance": "Largest relative deviation from it; 1e-6 unless told.",
  "model.explain": "Whether callers may ask for contributions; yes, unless told.",
  "model.unknown_categories": "Whether a category that was never seen is refused (unless told) or missing.",
};

/** An example of each section. */
export const examples: Readonly<Record<string, string>> = {
  plugins: `plugins: [./my_types.ts]`,
  dbms: `dbms:
  warehouse: { type: sql, url: "postgresql://reader@db.example.com/sales", password_var: SALES_PASSWORD }
datasources:
  sales: { type: dbms.warehouse, query: "select * from sales where year = :year", expires: 3600, tags: predict }`,
  datasources: `datasources:
  houses: { type: csv, path: ./houses.csv, tags: [train, test], options: { sep: ";" } }`,
  datasinks: `datasinks:
  answers: { type: jsonl, path: ./answers.jsonl, tags: predict }`,
  model_store: `model_store: { location: ./model_store, refresh: 60 }`,
  model: `model:
  name: prices
  version: "1.2.0"
  module: prices_model
  gates: { r2: ">= 0.8" }
  trees: 200 # a key of your own`,
  api: `api:
  name: prices
  timeout: 10
  cors: ["https://app.example.com"]
  compression: true
  metrics: { token_var: METRICS_TOKEN }`,
  drift: `drift: { window: 1h, alert: { webhook: "https://hooks.example.com/drift" } }`,
  auth: `auth:
  api_keys:
    alice: sha256:2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90
    shop: { sha256_var: SHOP_KEY_SHA256, models: [prices] }
  jwt: { issuer: "https://login.example.com", audience: models, jwks: "https://login.example.com/jwks.json" }
  public: [/livez, /readyz, /docs]`,
  limits: `limits:
  by_key: 100/s
  by_address: { requests: 600/min, concurrent: 20 }
  model: { concurrent: 8, queue: 64 }`,
};

/** Keys of a configuration of several projects. */
export const keysOfProjects: Readonly<Record<string, string>> = {
  projects: "Configuration files, folders with one, patterns of either, and URLs.",
  overlay: "A file that is merged over the configuration of each project, as by a second `-c`.",
  refresh: "Time between two looks for more projects, and for newer models of those that are loaded.",
  preload: "Models that are loaded at the start; the others when they are first asked for.",
  max_loaded: "Past it, the model that was used longest ago is let go.",
  max_memory: "The same by the bytes of contents as they are stored; in memory they may take more.",
  api: "What projects share, below: the rest is in the configuration of each.",
  auth: "Who may come in to any of them, as in one project: see [Access](../guide/16.access.md). A project may ask for more by itself.",
  limits: "Limits of all of them together, as in one project.",
};
