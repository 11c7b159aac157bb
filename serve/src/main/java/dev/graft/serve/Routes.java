package dev.graft.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.graft.watch.StatusPage;
import dev.graft.watch.Watch;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Which address leads where. */
final class Routes {
    private static final MediaType PROMETHEUS = MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

    private static final MediaType YAML = MediaType.parse("application/yaml; charset=utf-8");

    private static final List<String> NOT_OFFERED = List.of(
            "prefix:/v2/systemsharedmemory",
            "prefix:/v2/cudasharedmemory",
            "/v2/trace/setting",
            "/v2/logging",
            "/v2/models/{model}/trace/setting");
    private static final Duration UPLOAD_TIME = Duration.ofMinutes(10);

    private final ServerBuilder builder;
    private final Addresses addresses;
    private final Models models;
    private final Jobs jobs;
    private final ServeSettings settings;
    private final Meters meters;
    private final Watch watch;
    private final Executor workers;
    private final Admission admission;

    Routes(
            ServerBuilder builder,
            Addresses addresses,
            Models models,
            Jobs jobs,
            ServeSettings settings,
            Meters meters,
            Watch watch,
            Executor workers) {
        this.builder = builder;
        this.addresses = addresses;
        this.models = models;
        this.jobs = jobs;
        this.settings = settings;
        this.meters = meters;
        this.watch = watch;
        this.workers = workers;
        this.admission = new Admission(settings.maxConcurrentRequests());
    }

    /** Adds all of them. */
    void add() {
        addTextEmbeddingsInference();
        addOpenInference();
        addWatch();
        addJobs();
        addDocuments();
        refuseOtherMethods();
    }

    private void addTextEmbeddingsInference() {
        HttpService predict = asking("predict", new PredictEndpoint(settings.maxClientBatchSize()));
        HttpService embed = asking("embed", new EmbedEndpoint(settings.maxClientBatchSize()));
        post("/predict", predict);
        post("/models/{model}/predict", predict);
        post("/models/{model}/versions/{version}/predict", predict);
        post("/embed", embed);
        post("/models/{model}/embed", embed);
        post("/models/{model}/versions/{version}/embed", embed);
        HttpService tokenize = asking("tokenize", new TokenizeEndpoint(settings.maxClientBatchSize()));
        HttpService decode = asking("decode", new DecodeEndpoint(settings.maxClientBatchSize()));
        HttpService embeddings = asking("embeddings", new OpenAiEmbeddings(models, settings.maxClientBatchSize()));
        post("/tokenize", tokenize);
        post("/models/{model}/tokenize", tokenize);
        post("/decode", decode);
        post("/models/{model}/decode", decode);
        post("/v1/embeddings", embeddings);
        var information = new Information(models, settings);
        get("/info", information::info);
        get("/health", information::health);
    }

    private void addOpenInference() {
        var inference = new Inference(settings);
        HttpService infer = asking("infer", new V2InferEndpoint(inference));
        post("/v2/models/{model}/infer", infer);
        post("/v2/models/{model}/versions/{version}/infer", infer);
        var directory = new V2Directory(models, settings.maxClientBatchSize(), workers);
        get("/v2", directory::server);
        get("/v2/health/live", directory::live);
        get("/v2/health/ready", directory::ready);
        get("/v2/models/{model}", (context, request) -> directory.model(context));
        get("/v2/models/{model}/versions/{version}", (context, request) -> directory.model(context));
        get("/v2/models/{model}/ready", (context, request) -> directory.modelReady(context));
        get("/v2/models/{model}/versions/{version}/ready", (context, request) -> directory.modelReady(context));
        get("/v2/models/{model}/config", (context, request) -> directory.configuration(context));
        get("/v2/models/{model}/versions/{version}/config", (context, request) -> directory.configuration(context));
        get("/v2/models/stats", (context, request) -> directory.statistics(context));
        get("/v2/models/{model}/stats", (context, request) -> directory.statistics(context));
        get("/v2/models/{model}/versions/{version}/stats", (context, request) -> directory.statistics(context));
        post("/v2/repository/index", directory::index);
        post("/v2/repository/models/{model}/load", directory::load);
        post("/v2/repository/models/{model}/unload", directory::unload);
        addNotOffered();
        builder.service(GrpcService.builder()
                .addService(new GrpcInference(
                        models, inference, settings.maxClientBatchSize(), admission, meters, watch, workers))
                .maxRequestMessageLength(settings.payloadLimit())
                .build());
    }

    private void addWatch() {
        get("/metrics", () -> HttpResponse.of(HttpStatus.OK, PROMETHEUS, meters.scrape()));
        get("/", this::page);
        get("/alerts", () -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, watch.alerts()));
        get("/alerts/prometheus", () -> HttpResponse.of(HttpStatus.OK, YAML, watch.prometheusRules()));
    }

    private HttpResponse page() {
        List<StatusPage.Offered> offered = models.states().stream()
                .map(state -> new StatusPage.Offered(
                        state.name(),
                        state.version().orElse(""),
                        state.version().isPresent() ? "ready" : state.reason()))
                .toList();
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(MediaType.HTML_UTF_8)
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, StatusPage.CONTENT_SECURITY_POLICY)
                .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .set(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .build();
        return HttpResponse.of(headers, HttpData.ofUtf8(watch.page(offered, Version.text())));
    }

    /** Triton's clients ask for these, and are told. */
    private void addNotOffered() {
        for (String path : NOT_OFFERED) {
            builder.service(path, (context, request) -> {
                throw new Problem(
                        Problem.Type.NOT_FOUND,
                        "Shared memory, tracing and logging by request are not offered by this server");
            });
        }
    }

    private void addJobs() {
        var endpoint = new JobsEndpoint(jobs, models);
        long mostBytes = jobs.settings().maxFileBytes() + JobUpload.FORM_BYTES;
        builder.route()
                .methods(addresses.add("/jobs", HttpMethod.POST))
                .path("/jobs")
                .maxRequestLength(mostBytes)
                .requestTimeout(UPLOAD_TIME)
                .build(endpoint::submit);
        get("/jobs", (context, request) -> endpoint.all(context));
        get("/jobs/{id}", (context, request) -> endpoint.one(context));
        get("/jobs/{id}/events", endpoint::events);
        get("/jobs/{id}/result", endpoint::result);
        add("/jobs/{id}", (context, request) -> endpoint.delete(context), HttpMethod.DELETE);
    }

    private void addDocuments() {
        ObjectNode document = ApiDocument.whole(models.offered(""));
        HttpData json = HttpData.ofUtf8(document.toPrettyString());
        HttpData page = HttpData.ofUtf8(ApiPage.of(document));
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(MediaType.HTML_UTF_8)
                .set(
                        HttpHeaderNames.CONTENT_SECURITY_POLICY,
                        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
                .build();
        get("/docs", () -> HttpResponse.of(headers, page));
        get("/docs/openapi.json", () -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, json));
    }

    private HttpService asking(String method, ModelService.Endpoint endpoint) {
        return new ModelService(method, endpoint, models, admission, meters, watch, workers);
    }

    private void post(String path, HttpService service) {
        add(path, service, HttpMethod.POST);
    }

    private void get(String path, HttpService service) {
        add(path, service, HttpMethod.GET, HttpMethod.HEAD);
    }

    private void add(String path, HttpService service, HttpMethod... methods) {
        builder.route().methods(addresses.add(path, methods)).path(path).build(service);
    }

    /** Tells callers who use another method which ones there are, as RFC 9110 asks. */
    private void refuseOtherMethods() {
        addresses.all().forEach((path, offered) -> {
            Set<HttpMethod> others = EnumSet.copyOf(HttpMethod.knownMethods());
            others.removeAll(offered);
            String allowed = Addresses.allow(offered);
            builder.route()
                    .methods(others)
                    .path(path)
                    .build((context, request) -> Problems.notAllowed(allowed).toHttpResponse());
        });
    }

    private void get(String path, Supplier<HttpResponse> answer) {
        get(path, (context, request) -> answer.get());
    }
}
