package dev.graft.serve;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;
import java.util.Optional;

/**
 * Someone who may ask.
 *
 * @param name told in messages; the key itself never is
 * @param bucket empty where the key has no limit
 * @param priority the highest that its requests may have
 */
record ApiKey(String name, Optional<TokenBucket> bucket, int priority) {
    private static final AttributeKey<ApiKey> ATTRIBUTE = AttributeKey.valueOf(ApiKey.class, "KEY");

    /** Notes whose request it is. */
    void asks(ServiceRequestContext context) {
        context.setAttr(ATTRIBUTE, this);
    }

    /** Whose request it is; empty where there are no keys. */
    static String name(ServiceRequestContext context) {
        ApiKey key = context.attr(ATTRIBUTE);
        return key == null ? "" : key.name();
    }

    /** The priority of a request that asks for one. */
    static int priority(ServiceRequestContext context, int asked) {
        ApiKey key = context.attr(ATTRIBUTE);
        return key == null ? asked : Math.min(asked, key.priority());
    }
}
