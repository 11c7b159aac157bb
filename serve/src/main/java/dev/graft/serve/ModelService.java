package dev.graft.serve;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * An address where a model is asked: takes a request in if there is room, reads it away from the event loop, finds the
 * model, counts the outcome.
 */
final class ModelService implements HttpService {
    private final String method;
    private final Endpoint endpoint;
    private final Models models;
    private final Admission admission;
    private final Meters meters;
    private final Executor workers;

    /** What is asked of a model at an address. */
    interface Endpoint {
        /** @throws IOException if the body is no JSON */
        CompletionStage<HttpResponse> answer(Exchange exchange, ServedModel model, AggregatedHttpRequest request)
                throws IOException;
    }

    ModelService(
            String method, Endpoint endpoint, Models models, Admission admission, Meters meters, Executor workers) {
        this.method = method;
        this.endpoint = endpoint;
        this.models = models;
        this.admission = admission;
        this.meters = meters;
        this.workers = workers;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        if (!admission.enter()) {
            meters.request(method, "overloaded");
            return Problems.response(Admission.refused());
        }
        CompletableFuture<HttpResponse> response =
                request.aggregate().thenComposeAsync(whole -> answer(context, whole), workers);
        return HttpResponse.of(response.handle((answer, failure) -> {
            admission.leave();
            Optional<Problem> problem = Optional.ofNullable(failure).map(Problems::of);
            meters.request(
                    method,
                    problem.map(p -> p.type().errorType().toLowerCase(java.util.Locale.ROOT))
                            .orElse("success"));
            return problem.map(Problems::response).orElse(answer);
        }));
    }

    private CompletionStage<HttpResponse> answer(ServiceRequestContext context, AggregatedHttpRequest request) {
        Exchange exchange = Exchange.of(context, request.headers());
        return models.hold(path(context, "model"), path(context, "version"), exchange.terms())
                .thenCompose(use -> answer(exchange, use, request));
    }

    private CompletionStage<HttpResponse> answer(Exchange exchange, Models.Use use, AggregatedHttpRequest request) {
        try {
            return endpoint.answer(exchange, use.model(), request).whenComplete((answer, failure) -> use.close());
        } catch (IOException | RuntimeException | Error e) {
            use.close();
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String path(ServiceRequestContext context, String parameter) {
        String value = context.pathParam(parameter);
        return value == null ? "" : value;
    }
}
