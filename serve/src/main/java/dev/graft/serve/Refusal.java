package dev.graft.serve;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;

/** A problem as the protocol of the request tells it, before any service has seen the request. */
final class Refusal {
    private static final String GRPC = "application/grpc";

    private Refusal() {}

    static HttpResponse of(RequestHeaders headers, Problem problem) {
        return headers.get(HttpHeaderNames.CONTENT_TYPE, "").startsWith(GRPC)
                ? grpc(headers.get(HttpHeaderNames.CONTENT_TYPE, GRPC), GrpcStatus.of(problem))
                : Problems.response(problem);
    }

    /** An answer of trailers alone, as gRPC over HTTP/2 describes it. */
    private static HttpResponse grpc(String type, Status status) {
        return HttpResponse.of(ResponseHeaders.builder(HttpStatus.OK)
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .setInt("grpc-status", status.getCode().value())
                .set("grpc-message", percentEncoded(String.valueOf(status.getDescription())))
                .endOfStream(true)
                .build());
    }

    /** As gRPC asks for: what is not printable ASCII, and the percent sign, as bytes of UTF-8. */
    private static String percentEncoded(String text) {
        var encoded = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            if (one >= ' ' && one <= '~' && one != '%') {
                encoded.append((char) one);
            } else {
                encoded.append(String.format("%%%02X", one));
            }
        }
        return encoded.toString();
    }
}
