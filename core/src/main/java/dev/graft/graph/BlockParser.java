package dev.graft.graph;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses the text form of graphs and nodes. */
final class BlockParser {
    private static final int DEEPEST = 30;

    private final GraphLexer lexer;
    private final AttributeParser attributes;
    private final ArrayParser arrays;
    private int depth;

    BlockParser(GraphLexer lexer) {
        this.lexer = lexer;
        this.arrays = new ArrayParser(lexer);
        this.attributes = new AttributeParser(lexer, this, arrays);
    }

    AttributeParser attributes() {
        return attributes;
    }

    Block block() {
        if (depth == DEEPEST) {
            throw lexer.wrong("graphs nested at most " + DEEPEST + " deep");
        }
        depth++;
        String name = lexer.name();
        var weights = new LinkedHashMap<String, Array>();
        List<ValueInfo> inputs = declared("(", ")", weights);
        lexer.expect("=>");
        List<ValueInfo> outputs = declared("(", ")", weights);
        List<ValueInfo> values = lexer.is("<") ? inner(weights) : List.of();
        List<Node> nodes = nodes();
        depth--;
        return new Block(name, inputs, outputs, nodes, weights, values, Extras.NONE);
    }

    private List<ValueInfo> inner(Map<String, Array> weights) {
        return declared("<", ">", weights).stream()
                .filter(value -> !weights.containsKey(value.name()))
                .toList();
    }

    /** Declarations between brackets; those with elements are weights besides. */
    private List<ValueInfo> declared(String open, String close, Map<String, Array> weights) {
        var values = new ArrayList<ValueInfo>();
        lexer.expect(open);
        while (!lexer.take(close)) {
            ValueInfo value = value();
            if (lexer.take("=")) {
                weights.put(value.name(), arrays.elements(type(value), shape(value)));
            }
            values.add(value);
            if (!lexer.is(close)) {
                lexer.expect(",");
            }
        }
        return values;
    }

    private ValueInfo value() {
        boolean quoted = lexer.kind() == GraphLexer.Kind.TEXT;
        String word = lexer.name();
        if (lexer.is(",") || lexer.is(")") || lexer.is(">")) {
            return new ValueInfo(word, Optional.empty(), Optional.empty(), Extras.NONE);
        }
        Optional<ElementType> type = quoted ? Optional.empty() : ArrayParser.type(word);
        if (type.isEmpty()) {
            throw lexer.wrong("an element type before the name, not '" + word + "',");
        }
        Optional<List<Dimension>> shape = arrays.dimensions();
        return new ValueInfo(lexer.name(), type, shape, Extras.NONE);
    }

    private ElementType type(ValueInfo value) {
        return value.type().orElseThrow(() -> lexer.wrong("the type of weight '" + value.name() + "'"));
    }

    private long[] shape(ValueInfo value) {
        return value.shape().orElse(List.of()).stream()
                .mapToLong(dimension -> {
                    if (dimension instanceof Dimension.Fixed fixed) {
                        return fixed.size();
                    }
                    throw lexer.wrong("a shape of numbers for weight '" + value.name() + "'");
                })
                .toArray();
    }

    List<Node> nodes() {
        var nodes = new ArrayList<Node>();
        lexer.expect("{");
        while (!lexer.take("}")) {
            nodes.add(node());
        }
        return nodes;
    }

    private Node node() {
        String name = "";
        if (lexer.take("[")) {
            name = lexer.name();
            lexer.expect("]");
        }
        List<String> outputs = names("=");
        lexer.expect("=");
        var words = new ArrayList<String>();
        do {
            words.add(lexer.name());
        } while (lexer.take("."));
        String operator = words.remove(words.size() - 1);
        Map<String, Attribute> before = attributes.inAngles();
        List<String> inputs = namesInBrackets();
        Map<String, Attribute> all = before.isEmpty() ? attributes.inAngles() : before;
        return new Node(name, operator, String.join(".", words), inputs, outputs, all, Extras.NONE);
    }

    List<String> namesInBrackets() {
        lexer.expect("(");
        List<String> names = names(")");
        lexer.expect(")");
        return names;
    }

    /** Names between commas; nothing between two commas is an empty name. */
    private List<String> names(String end) {
        var names = new ArrayList<String>();
        if (lexer.is(end)) {
            return names;
        }
        do {
            names.add(lexer.is(",") || lexer.is(end) ? "" : lexer.name());
        } while (lexer.take(","));
        return names;
    }
}
