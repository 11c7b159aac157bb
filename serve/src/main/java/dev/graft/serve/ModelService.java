package dev.graft.serve;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.graft.watch.Outcome;
import dev.graft.watch.Visit;
import dev.graft.watch.Watch;
import java.io.IOException;
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
    private final Watch watch;
    private final Executor workers;

    /** What is asked of a model at an address. */
    interface Endpoint {
        /** @throws IOException if the body is no JSON */
        CompletionStage<HttpResponse> answer(Exchange exchange, ServedModel model, AggregatedHttpRequest request)
                throws IOException;
    }

    ModelService(
            String method,
            Endpoint endpoint,
            Models models,
            Admission admission,
            Meters meters,
            Watch watch,
            Executor workers) {
        this.method = method;
        this.endpoint = endpoint;
        this.models = models;
        this.admission = admission;
        this.meters = meters;
        this.watch = watch;
        this.workers = workers;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        Visit visit = watch.visit(method, request.headers()::get);
        if (admission.isFull()) {
            return ended(visit, Admission.refused());
        }
        CompletableFuture<HttpResponse> response = request.aggregate()
                .thenApply(whole -> arrived(visit, whole))
                .thenComposeAsync(whole -> admitted(context, visit, whole), workers);
        return HttpResponse.of(response.handle((answer, failure) -> {
            if (failure != null) {
                return ended(visit, Problems.of(failure));
            }
            end(visit, Outcome.SUCCESS);
            return answer;
        }));
    }

    private HttpResponse ended(Visit visit, Problem problem) {
        end(visit, Outcomes.of(problem.type()));
        return Problems.response(problem);
    }

    private static AggregatedHttpRequest arrived(Visit visit, AggregatedHttpRequest whole) {
        visit.arrived();
        return whole;
    }

    private void end(Visit visit, Outcome outcome) {
        meters.request(method, outcome.name());
        visit.end(outcome);
    }

    /** A request counts as under way once its body is here: one that dribbles in takes no room from others. */
    private CompletionStage<HttpResponse> admitted(
            ServiceRequestContext context, Visit visit, AggregatedHttpRequest request) {
        if (!admission.enter()) {
            throw Admission.refused();
        }
        CompletionStage<HttpResponse> answer;
        try {
            answer = answer(context, visit, request);
        } catch (RuntimeException | Error e) {
            admission.leave();
            throw e;
        }
        return answer.whenComplete((done, failure) -> admission.leave());
    }

    private CompletionStage<HttpResponse> answer(
            ServiceRequestContext context, Visit visit, AggregatedHttpRequest request) {
        Exchange exchange = Exchange.of(context, request.headers(), visit);
        return models.hold(path(context, "model"), path(context, "version"), exchange.terms())
                .thenCompose(use -> answer(exchange, visit, use, request));
    }

    private CompletionStage<HttpResponse> answer(
            Exchange exchange, Visit visit, Models.Use use, AggregatedHttpRequest request) {
        visit.model(use.model().name(), use.model().version());
        try {
            return endpoint.answer(exchange, use.model(), request).whenComplete((answer, failure) -> {
                if (failure != null) {
                    use.model().meters().failed(exchange.visit().elapsed());
                }
                use.close();
            });
        } catch (IOException | RuntimeException | Error e) {
            use.model().meters().failed(exchange.visit().elapsed());
            use.close();
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String path(ServiceRequestContext context, String parameter) {
        String value = context.pathParam(parameter);
        return value == null ? "" : value;
    }
}
