package dev.graft.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints graphs in ONNX's text form. */
final class GraphPrinter {
    private final StringBuilder text = new StringBuilder();

    String model(Graph graph) {
        header(graph);
        block(graph.main(), "");
        text.append('\n');
        graph.functions().forEach(this::function);
        return text.toString();
    }

    private void header(Graph graph) {
        Header header = graph.header();
        var entries = new ArrayList<String>();
        entries.add("ir_version: " + header.irVersion());
        entries.add("opset_import: " + opsets(graph.opsets()));
        quoted(entries, "producer_name", header.producerName());
        quoted(entries, "producer_version", header.producerVersion());
        quoted(entries, "domain", header.domain());
        if (header.modelVersion() != 0) {
            entries.add("model_version: " + header.modelVersion());
        }
        quoted(entries, "doc_string", header.documentation());
        if (!header.metadata().isEmpty()) {
            entries.add(header.metadata().entrySet().stream()
                    .map(entry -> Words.quoted(entry.getKey()) + ": " + Words.quoted(entry.getValue()))
                    .collect(Collectors.joining(", ", "metadata_props: [", "]")));
        }
        text.append("<\n   ").append(String.join(",\n   ", entries)).append("\n>\n");
    }

    private static void quoted(List<String> entries, String key, String value) {
        if (!value.isEmpty()) {
            entries.add(key + ": " + Words.quoted(value));
        }
    }

    private static String opsets(Map<String, Long> opsets) {
        return opsets.entrySet().stream()
                .map(entry -> Words.quoted(entry.getKey()) + " : " + entry.getValue())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private void block(Block block, String indent) {
        text.append(Words.name(block.name())).append(" (").append(values(block.inputs()));
        text.append(") => (").append(values(block.outputs())).append(")");
        var declared = new ArrayList<String>();
        block.weights()
                .forEach((name, array) -> declared.add(
                        ArrayText.type(array) + " " + Words.name(name) + " = " + ArrayText.elements(array)));
        block.values().stream()
                .filter(value -> !block.weights().containsKey(value.name()))
                .forEach(value -> declared.add(value(value)));
        if (!declared.isEmpty()) {
            text.append("\n").append(indent).append("   <");
            text.append(String.join(", ", declared))
                    .append(">\n")
                    .append(indent)
                    .append("{\n");
        } else {
            text.append(" {\n");
        }
        nodes(block.nodes(), indent + "   ");
        text.append(indent).append("}");
    }

    private void nodes(List<Node> nodes, String indent) {
        for (Node node : nodes) {
            text.append(indent);
            node(node, indent);
            text.append('\n');
        }
    }

    private void node(Node node, String indent) {
        if (!node.name().isEmpty()) {
            text.append('[').append(Words.name(node.name())).append("] ");
        }
        text.append(names(node.outputs())).append(node.outputs().isEmpty() ? "= " : " = ");
        text.append(Words.dotted(node.domain(), node.operator()));
        attributes(node.attributes(), indent);
        text.append(" (").append(names(node.inputs())).append(")");
    }

    private void attributes(Map<String, Attribute> attributes, String indent) {
        if (attributes.isEmpty()) {
            return;
        }
        text.append(" <");
        String separator = "";
        for (Map.Entry<String, Attribute> attribute : attributes.entrySet()) {
            text.append(separator).append(Words.name(attribute.getKey()));
            attribute(attribute.getValue(), indent);
            separator = ", ";
        }
        text.append(">");
    }

    private void attribute(Attribute value, String indent) {
        if (value instanceof Attribute.Body body) {
            text.append(": graph = ");
            block(body.value(), indent);
        } else if (value instanceof Attribute.Bodies bodies) {
            text.append(": graphs = [");
            for (int i = 0; i < bodies.values().size(); i++) {
                text.append(i == 0 ? "" : ", ");
                block(bodies.values().get(i), indent);
            }
            text.append("]");
        } else {
            text.append(AttributeText.print(value));
        }
    }

    private void function(Function function) {
        text.append("<\n   domain: ").append(Words.quoted(function.domain()));
        text.append(",\n   opset_import: ").append(opsets(function.opsets())).append("\n>\n");
        text.append(Words.name(function.name()));
        if (!function.attributes().isEmpty() || !function.attributeDefaults().isEmpty()) {
            text.append(" <").append(names(function.attributes()));
            String separator = function.attributes().isEmpty() ? "" : ", ";
            for (Map.Entry<String, Attribute> attribute :
                    function.attributeDefaults().entrySet()) {
                text.append(separator).append(Words.name(attribute.getKey()));
                attribute(attribute.getValue(), "");
                separator = ", ";
            }
            text.append(">");
        }
        text.append(" (").append(names(function.inputs())).append(") => (").append(names(function.outputs()));
        text.append(")\n{\n");
        nodes(function.nodes(), "   ");
        text.append("}\n");
    }

    private static String names(List<String> names) {
        return names.stream().map(Words::name).collect(Collectors.joining(", "));
    }

    private static String values(List<ValueInfo> values) {
        return values.stream().map(GraphPrinter::value).collect(Collectors.joining(", "));
    }

    private static String value(ValueInfo value) {
        String name = Words.name(value.name());
        return value.type()
                .map(type ->
                        type.text() + value.shape().map(GraphPrinter::shape).orElse("[]") + " " + name)
                .orElse(name);
    }

    private static String shape(List<Dimension> shape) {
        return shape.isEmpty()
                ? ""
                : shape.stream().map(GraphPrinter::dimension).collect(Collectors.joining(",", "[", "]"));
    }

    private static String dimension(Dimension dimension) {
        return dimension instanceof Dimension.Symbol symbol ? Words.name(symbol.name()) : dimension.toString();
    }
}
