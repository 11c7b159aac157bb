package dev.graft.serve;

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
import dev.graft.watch.PrometheusRules;
import dev.graft.watch.StatusPage;
import dev.graft.watch.Watch;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Which address leads where. */
final class Routes {
    private static final MediaType PROMETHEUS = MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

    private static final MediaType YAML = MediaType.parse("application/yaml; charset=utf-8");

    private final ServerBuilder builder;
    private final Models models;
    private final ServeSettings settings;
    private final Meters meters;
    private final Watch watch;
    private final Executor workers;
    private final Admission admission;
    private final Map<String, Set<HttpMethod>> methods = new TreeMap<>();

    Routes(ServerBuilder builder, Models models, ServeSettings settings, Meters meters, Watch watch, Executor workers) {
        this.builder = builder;
        this.models = models;
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
        refuseOtherMethods();
    }

    private void refuseOtherMethods() {
        methods.forEach((path, taken) -> {
            Set<HttpMethod> others = EnumSet.copyOf(HttpMethod.knownMethods());
            others.removeAll(taken);
            String allow = taken.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
            builder.route().methods(others).path(path).build((context, request) -> ErrorPages.methodNotAllowed(allow));
        });
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
        var information = new Information(models, settings);
        get("/info", information::info);
        get("/health", information::health);
    }

    private void addOpenInference() {
        var inference = new Inference(settings);
        HttpService infer = asking("infer", new V2InferEndpoint(inference));
        post("/v2/models/{model}/infer", infer);
        post("/v2/models/{model}/versions/{version}/infer", infer);
        var directory = new V2Directory(models, workers);
        get("/v2", directory::server);
        get("/v2/health/live", directory::live);
        get("/v2/health/ready", directory::ready);
        get("/v2/models/{model}", (context, request) -> directory.model(context));
        get("/v2/models/{model}/versions/{version}", (context, request) -> directory.model(context));
        get("/v2/models/{model}/ready", (context, request) -> directory.modelReady(context));
        get("/v2/models/{model}/versions/{version}/ready", (context, request) -> directory.modelReady(context));
        post("/v2/repository/index", directory::index);
        post("/v2/repository/models/{model}/load", directory::load);
        post("/v2/repository/models/{model}/unload", directory::unload);
        builder.service(GrpcService.builder()
                .addService(new GrpcInference(models, inference, admission, meters, watch, workers))
                .maxRequestMessageLength(settings.payloadLimit())
                .build());
    }

    private void addWatch() {
        get("/metrics", () -> HttpResponse.of(HttpStatus.OK, PROMETHEUS, meters.scrape()));
        get("/", this::page);
        get("/alerts", () -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, watch.alerts()));
        get("/alerts/prometheus", () -> HttpResponse.of(HttpStatus.OK, YAML, PrometheusRules.text()));
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

    private HttpService asking(String method, ModelService.Endpoint endpoint) {
        return new ModelService(method, endpoint, models, admission, meters, watch, workers);
    }

    private void post(String path, HttpService service) {
        add(path, service, HttpMethod.POST);
    }

    private void get(String path, HttpService service) {
        add(path, service, HttpMethod.GET, HttpMethod.HEAD);
    }

    private void add(String path, HttpService service, HttpMethod... taken) {
        builder.route().methods(taken).path(path).build(service);
        methods.computeIfAbsent(path, any -> EnumSet.noneOf(HttpMethod.class)).addAll(List.of(taken));
    }

    private void get(String path, Supplier<HttpResponse> answer) {
        get(path, (context, request) -> answer.get());
    }
}
