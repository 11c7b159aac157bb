package dev.graft.serve;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * How a request brings its key: as a bearer token, as {@code X-API-Key}, or, where it only reads, as the password of HTTP
 * Basic (RFC 7617), which is what a browser can ask a person for.
 *
 * <p>A browser sends a password that it knows with whatever another site has it ask, so Basic changes nothing here.
 */
final class Credentials {
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";
    private static final String API_KEY = "x-api-key";
    private static final String HTML = "text/html";
    private static final String BASIC_CHALLENGE = "Basic realm=\"graft\", charset=\"UTF-8\"";
    private static final String BEARER_CHALLENGE = "Bearer realm=\"graft\"";

    private Credentials() {}

    /** The key that a request brings; empty for none. */
    static String presented(RequestHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
        if (begins(authorization, BEARER)) {
            return authorization.substring(BEARER.length()).strip();
        }
        if (begins(authorization, BASIC) && reads(headers)) {
            return password(authorization.substring(BASIC.length()).strip());
        }
        return headers.get(API_KEY, "");
    }

    private static boolean begins(String text, String scheme) {
        return text.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private static boolean reads(RequestHeaders headers) {
        return headers.method() == HttpMethod.GET || headers.method() == HttpMethod.HEAD;
    }

    /** What stands after the first colon, whoever the user is called. */
    private static String password(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException noBase64) {
            return "";
        }
    }

    /** A refusal that has a browser ask the person before it for a key, if it was one that asked for a page. */
    static HttpResponse challenging(HttpResponse refusal, RequestHeaders headers) {
        if (!reads(headers) || !headers.get(HttpHeaderNames.ACCEPT, "").contains(HTML)) {
            return refusal;
        }
        return refusal.mapHeaders(its -> its.toBuilder()
                .set(HttpHeaderNames.WWW_AUTHENTICATE, BASIC_CHALLENGE, BEARER_CHALLENGE)
                .build());
    }
}
