package dev.graft.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one {@code NodeProto}. */
final class NodeReader {
    static final int NAME = 3;
    static final int OPERATOR = 4;
    static final int ATTRIBUTE = 5;
    static final int DOMAIN = 7;

    private final BlockReader blocks;
    private final List<String> inputs = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private final Map<String, Attribute> attributes = new LinkedHashMap<>();
    private final List<Extras.Field> extras = new ArrayList<>();
    private String name = "";
    private String operator = "";
    private String domain = "";

    private NodeReader(BlockReader blocks) {
        this.blocks = blocks;
    }

    static Node read(Wire wire, BlockReader blocks) {
        var reader = new NodeReader(blocks);
        while (wire.next()) {
            reader.field(wire);
        }
        if (reader.operator.isEmpty()) {
            throw wire.damaged("a node '" + reader.name + "' without an operator");
        }
        return new Node(
                reader.name,
                reader.operator,
                reader.domain,
                reader.inputs,
                reader.outputs,
                reader.attributes,
                Extras.of(reader.extras));
    }

    private void field(Wire wire) {
        switch (wire.number()) {
            case 1 -> inputs.add(wire.text());
            case 2 -> outputs.add(wire.text());
            case NAME -> {
                name = wire.text();
                keep(wire, name.isEmpty());
            }
            case OPERATOR -> operator = wire.text();
            case ATTRIBUTE -> attribute(wire);
            case DOMAIN -> {
                domain = wire.text();
                keep(wire, domain.isEmpty() || domain.equals("ai.onnx"));
            }
            default -> extras.add(wire.raw());
        }
    }

    private void attribute(Wire wire) {
        String owner = "node '" + (name.isEmpty() && !outputs.isEmpty() ? outputs.get(0) : name) + "'";
        AttributeReader.Named read = AttributeReader.read(wire.message(), blocks, owner);
        if (attributes.put(read.name(), read.value()) != null) {
            throw wire.wrong(owner + " has attribute '" + read.name() + "' twice; export the model again");
        }
        keep(wire, !read.plain());
    }

    private void keep(Wire wire, boolean needed) {
        if (needed) {
            extras.add(wire.raw());
        }
    }
}
