package dev.graft.graph;

import java.util.Map;

/**
 * What a model file says of itself.
 *
 * @param irVersion the version of the file format
 * @param extras what the file says beyond these, kept as it came
 */
public record Header(
        long irVersion,
        String producerName,
        String producerVersion,
        String domain,
        long modelVersion,
        String documentation,
        Map<String, String> metadata,
        Extras extras) {
    public Header {
        metadata = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(metadata));
    }

    /** The header of a graph that Graft made, in the oldest IR version that carries the operator set. */
    public static Header of(long opset) {
        long ir = opset >= 21 ? 10 : opset >= 19 ? 9 : opset >= 15 ? 8 : 7;
        return new Header(ir, "graft", "", "", 0, "", Map.of(), Extras.NONE);
    }
}
