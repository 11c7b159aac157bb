package dev.graft.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one {@code FunctionProto}. */
final class FunctionReader {
    static final int NAME = 1;
    static final int INPUT = 4;
    static final int OUTPUT = 5;
    static final int ATTRIBUTE = 6;
    static final int NODE = 7;
    static final int OPSET = 9;
    static final int DOMAIN = 10;
    static final int DEFAULT = 11;
    static final int OVERLOAD = 13;

    private final BlockReader blocks;
    private final List<String> inputs = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private final List<String> attributes = new ArrayList<>();
    private final Map<String, Attribute> defaults = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Long> opsets = new LinkedHashMap<>();
    private final List<Extras.Field> extras = new ArrayList<>();
    private String name = "";
    private String domain = "";

    private FunctionReader(BlockReader blocks) {
        this.blocks = blocks;
    }

    static Function read(Wire wire, BlockReader blocks) {
        var reader = new FunctionReader(blocks);
        while (wire.next()) {
            reader.field(wire);
        }
        return reader.function(wire);
    }

    private void field(Wire wire) {
        switch (wire.number()) {
            case NAME -> {
                name = wire.text();
                keep(wire, name.isEmpty());
            }
            case INPUT -> inputs.add(wire.text());
            case OUTPUT -> outputs.add(wire.text());
            case ATTRIBUTE -> attributes.add(wire.text());
            case NODE -> nodes.add(NodeReader.read(wire.message(), blocks));
            case OPSET -> keep(wire, !Opset.read(wire.message()).into(opsets, wire));
            case DOMAIN -> {
                domain = wire.text();
                keep(wire, domain.isEmpty());
            }
            case DEFAULT -> {
                AttributeReader.Named read = AttributeReader.read(wire.message(), blocks, "function '" + name + "'");
                defaults.put(read.name(), read.value());
                keep(wire, !read.plain());
            }
            default -> extras.add(wire.raw());
        }
    }

    private void keep(Wire wire, boolean needed) {
        if (needed) {
            extras.add(wire.raw());
        }
    }

    private Function function(Wire wire) {
        Order.Sorted sorted = Order.sort(nodes);
        if (!sorted.cycle().isEmpty()) {
            throw wire.wrong("the nodes of function '" + name + "' form a cycle: " + sorted.cycle()
                    + "; export the model again");
        }
        return new Function(
                domain, name, inputs, outputs, attributes, defaults, sorted.nodes(), opsets, Extras.of(extras));
    }
}
