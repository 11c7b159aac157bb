package dev.graft.serve;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;

/** Gives every error of the HTTP layer itself the form of {@link Problems}. */
record ErrorPages(Addresses addresses) implements ServerErrorHandler {
    @Override
    public HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
        if (cause instanceof HttpStatusException known) {
            return page(known.httpStatus(), "").toHttpResponse();
        }
        return Problems.response(Problems.of(cause));
    }

    @Override
    public AggregatedHttpResponse renderStatus(
            @Nullable ServiceRequestContext context,
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        if (status.equals(HttpStatus.METHOD_NOT_ALLOWED) && headers != null) {
            return Problems.notAllowed(addresses.allowed(headers.path()).orElse(""));
        }
        return page(status, description == null ? "" : description);
    }

    private static AggregatedHttpResponse page(HttpStatus status, String description) {
        var headers = ResponseHeaders.builder(status)
                .contentType(Problems.PROBLEM_JSON)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .build();
        String detail = description.isEmpty() ? detail(status) : description;
        return AggregatedHttpResponse.of(
                headers, Problems.body(status, status.isServerError() ? "Backend" : "Validation", detail));
    }

    private static String detail(HttpStatus status) {
        return switch (status.code()) {
            case 404 -> "There is nothing at this address";
            case 405 -> "The address does not take this method";
            case 413 -> "The request has more bytes than --payload-limit allows";
            case 414 -> "The address is longer than the server takes";
            case 415 -> "The address does not take this media type";
            case 431 -> "The headers are longer than the server takes";
            default -> status.reasonPhrase();
        };
    }
}
