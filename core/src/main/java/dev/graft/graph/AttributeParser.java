package dev.graft.graph;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses the text form of attributes. */
final class AttributeParser {
    private final GraphLexer lexer;
    private final BlockParser blocks;
    private final ArrayParser arrays;

    AttributeParser(GraphLexer lexer, BlockParser blocks, ArrayParser arrays) {
        this.lexer = lexer;
        this.blocks = blocks;
        this.arrays = arrays;
    }

    /** Attributes between angle brackets, if they come next. */
    Map<String, Attribute> inAngles() {
        var attributes = new LinkedHashMap<String, Attribute>();
        if (lexer.take("<")) {
            while (!lexer.take(">")) {
                String name = lexer.name();
                attributes.put(name, afterName());
                if (!lexer.is(">")) {
                    lexer.expect(",");
                }
            }
        }
        return attributes;
    }

    /** Kind, if it is written, and value. */
    Attribute afterName() {
        String kind = lexer.take(":") ? lexer.name() : "";
        lexer.expect("=");
        if (lexer.take("@")) {
            return new Attribute.Reference(lexer.name(), Math.max(0, AttributeText.kind(kind)));
        }
        return lexer.take("[") ? list(kind) : single(kind);
    }

    private Attribute single(String kind) {
        Object value = value();
        if (value instanceof String text) {
            return new Attribute.Text(text);
        } else if (value instanceof Array array) {
            return new Attribute.Tensor(array);
        } else if (value instanceof Block block) {
            return new Attribute.Body(block);
        } else if (value instanceof Double real) {
            return new Attribute.Real(real.floatValue());
        }
        long whole = (Long) value;
        return kind.equals("float") ? new Attribute.Real(whole) : new Attribute.Whole(whole);
    }

    private Attribute list(String kind) {
        var values = new ArrayList<Object>();
        while (!lexer.take("]")) {
            values.add(value());
            if (!lexer.is("]")) {
                lexer.expect(",");
            }
        }
        Object first = values.isEmpty() ? kind : values.get(0);
        if (kind.equals("strings") || !values.isEmpty() && first instanceof String) {
            return new Attribute.Texts(all(values, String.class));
        } else if (kind.equals("tensors") || first instanceof Array) {
            return new Attribute.Tensors(all(values, Array.class));
        } else if (kind.equals("graphs") || first instanceof Block) {
            return new Attribute.Bodies(all(values, Block.class));
        } else if (kind.equals("floats") || values.stream().anyMatch(Double.class::isInstance)) {
            return new Attribute.Reals(
                    all(values, Number.class).stream().map(Number::floatValue).toList());
        }
        return new Attribute.Wholes(all(values, Long.class));
    }

    private <T> List<T> all(List<Object> values, Class<T> type) {
        if (!values.stream().allMatch(type::isInstance)) {
            throw lexer.wrong("a list of one kind before this");
        }
        return values.stream().map(type::cast).toList();
    }

    /** A text, a number (Long or Double), an array or a graph. */
    private Object value() {
        if (lexer.kind() == GraphLexer.Kind.TEXT) {
            return lexer.next();
        }
        if (lexer.kind() == GraphLexer.Kind.NUMBER) {
            return number();
        }
        if (lexer.value().equals("nan") || lexer.value().equals("inf")) {
            return ArrayText.real(lexer.next());
        }
        Optional<ElementType> type = ArrayParser.type(lexer.value());
        if (type.isPresent()) {
            lexer.next();
            return arrays.array(type.get());
        }
        return blocks.block();
    }

    private Object number() {
        String text = lexer.value();
        try {
            if (text.chars().anyMatch(c -> c == '.' || c == 'e' || c == 'E' || c == 'f')) {
                Object real = ArrayText.real(text);
                lexer.next();
                return real;
            }
        } catch (NumberFormatException e) {
            throw lexer.wrong("a number");
        }
        return lexer.whole();
    }
}
