package dev.graft.serve;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Lets in who has a key and does not ask too often, whatever the protocol. What tells whether the server is well is open
 * to everyone.
 */
final class Gate implements DecoratingHttpServiceFunction {
    private static final String METRICS = "/metrics";
    private static final Set<String> OPEN = Set.of(
            "/health",
            "/v2/health/live",
            "/v2/health/ready",
            "/inference.GRPCInferenceService/ServerLive",
            "/inference.GRPCInferenceService/ServerReady",
            "/grpc.health.v1.Health/Check",
            "/grpc.health.v1.Health/Watch");

    private final Optional<? extends Supplier<ApiKeys>> keys;
    private final Optional<AddressLimits> addresses;
    private final boolean openMetrics;
    private final Meters meters;

    /**
     * @param keys empty lets everyone in
     * @param addresses limits where there are no keys; empty for none
     */
    Gate(
            Optional<? extends Supplier<ApiKeys>> keys,
            Optional<AddressLimits> addresses,
            boolean openMetrics,
            Meters meters) {
        this.keys = keys;
        this.addresses = addresses;
        this.openMetrics = openMetrics;
        this.meters = meters;
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        if (isOpen(context.path())) {
            return delegate.serve(context, request);
        }
        try {
            Optional<TokenBucket> bucket =
                    keys.isPresent() ? enter(keys.get().get(), context, request.headers()) : byAddress(context);
            if (bucket.isPresent()) {
                requireTurn(bucket.get());
            }
        } catch (Problem problem) {
            meters.request("gate", problem.type().outcome());
            HttpResponse refusal = Refusal.of(request.headers(), problem);
            return problem.type() == Problem.Type.UNAUTHORIZED
                    ? Credentials.challenging(refusal, request.headers())
                    : refusal;
        }
        return delegate.serve(context, request);
    }

    private boolean isOpen(String path) {
        return OPEN.contains(path) || openMetrics && path.equals(METRICS);
    }

    private Optional<TokenBucket> byAddress(ServiceRequestContext context) {
        return addresses.map(limits -> limits.of(context.remoteAddress().getAddress()));
    }

    private static Optional<TokenBucket> enter(ApiKeys keys, ServiceRequestContext context, RequestHeaders headers) {
        String presented = Credentials.presented(headers);
        if (presented.isEmpty()) {
            throw new Problem(
                    Problem.Type.UNAUTHORIZED,
                    "No API key came with the request: send it as 'Authorization: Bearer KEY'");
        }
        ApiKey key = keys.find(presented)
                .orElseThrow(() -> new Problem(Problem.Type.UNAUTHORIZED, "The API key is not known here"));
        key.asks(context);
        return key.bucket();
    }

    private static void requireTurn(TokenBucket bucket) {
        long wait = bucket.take(System.nanoTime());
        if (wait > 0) {
            throw new Problem(
                    Problem.Type.OVERLOADED,
                    "More was asked with this key, or from this address, than --rate-limit allows; ask again later",
                    Duration.ofNanos(wait));
        }
    }
}
