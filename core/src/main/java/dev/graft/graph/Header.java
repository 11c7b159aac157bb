package dev.graft.graph;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model file says of itself.
 *
 * @param irVersion the version of the file format
 * @param extras what the file says beyond these, kept as it came
 * @param source how messages name where the graph was read; empty for one that was made. It is no part of what the file
 *     says, so graphs that differ only in it are equal
 */
public record Header(
        long irVersion,
        String producerName,
        String producerVersion,
        String domain,
        long modelVersion,
        String documentation,
        Map<String, String> metadata,
        Extras extras,
        String source) {
    public Header {
        metadata = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(metadata));
    }

    /** The header of a graph that Graft made, in the oldest IR version that carries the operator set. */
    public static Header of(long opset) {
        long ir = opset >= 21 ? 10 : opset >= 19 ? 9 : opset >= 15 ? 8 : 7;
        return new Header(ir, "graft", "", "", 0, "", Map.of(), Extras.NONE, "");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Header that && content().equals(that.content());
    }

    @Override
    public int hashCode() {
        return content().hashCode();
    }

    private List<Object> content() {
        return List.of(irVersion, producerName, producerVersion, domain, modelVersion, documentation, metadata, extras);
    }
}
