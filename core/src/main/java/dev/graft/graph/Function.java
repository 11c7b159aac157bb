package dev.graft.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model-local function: an operator that the model itself defines by nodes.
 *
 * @param inputs names of the formal operands
 * @param outputs names of the results
 * @param attributes names of the attributes that a caller must set
 * @param attributeDefaults attributes that a caller may set, with what holds otherwise
 * @param opsets operator sets of the body, version by domain
 * @param extras what the file says beyond these, kept as it came
 */
public record Function(
        String domain,
        String name,
        List<String> inputs,
        List<String> outputs,
        List<String> attributes,
        Map<String, Attribute> attributeDefaults,
        List<Node> nodes,
        Map<String, Long> opsets,
        Extras extras) {
    public Function {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
        attributeDefaults = Collections.unmodifiableMap(new LinkedHashMap<>(attributeDefaults));
        nodes = List.copyOf(nodes);
        opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
    }
}
