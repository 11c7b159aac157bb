package dev.graft.graph;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Parses the text form of types, shapes and arrays. */
final class ArrayParser {
    private final GraphLexer lexer;

    ArrayParser(GraphLexer lexer) {
        this.lexer = lexer;
    }

    static Optional<ElementType> type(String word) {
        return Arrays.stream(ElementType.values())
                .filter(type -> type.text().equals(word))
                .findFirst();
    }

    /** A shape: none written is a scalar's, {@code []} says nothing of the rank. */
    Optional<List<Dimension>> dimensions() {
        if (!lexer.take("[")) {
            return Optional.of(List.of());
        }
        if (lexer.take("]")) {
            return Optional.empty();
        }
        var dimensions = new ArrayList<Dimension>();
        do {
            dimensions.add(dimension());
        } while (lexer.take(","));
        lexer.expect("]");
        return Optional.of(dimensions);
    }

    private Dimension dimension() {
        if (lexer.take("?")) {
            return new Dimension.Unknown();
        }
        return lexer.kind() == GraphLexer.Kind.NUMBER
                ? new Dimension.Fixed(size())
                : new Dimension.Symbol(lexer.name());
    }

    private long size() {
        if (lexer.value().startsWith("-")) {
            throw lexer.wrong("a size of 0 or more");
        }
        return lexer.whole();
    }

    /** An array whose type has been read. */
    Array array(ElementType type) {
        long[] shape = dimensions().orElse(List.of()).stream()
                .mapToLong(dimension -> {
                    if (dimension instanceof Dimension.Fixed fixed) {
                        return fixed.size();
                    }
                    throw lexer.wrong("a shape of numbers");
                })
                .toArray();
        return elements(type, shape);
    }

    /** The elements in braces; zeros where they are elided. */
    Array elements(ElementType type, long[] shape) {
        lexer.expect("{");
        long count = count(shape);
        if (lexer.take(ArrayText.ELIDED)) {
            lexer.expect("}");
            return zeros(type, shape, count);
        }
        var elements = new ArrayList<String>();
        while (!lexer.take("}")) {
            elements.add(lexer.next());
            if (!lexer.is("}")) {
                lexer.expect(",");
            }
        }
        if (elements.size() != count || !ArrayText.isWritten(type)) {
            throw lexer.wrong(count + " elements of " + type.text() + " before this, not " + elements.size() + ",");
        }
        return ArrayText.parse(type, shape, elements)
                .orElseThrow(() -> lexer.wrong("elements of " + type.text() + " before this"));
    }

    private Array zeros(ElementType type, long[] shape, long count) {
        if (type == ElementType.STRING || count * type.bits() / 8 > Integer.MAX_VALUE) {
            throw lexer.wrong("the elements of this array, which cannot be elided, before this");
        }
        return Array.of(type, shape, Array.allocate(type.bytes(count)));
    }

    private long count(long[] shape) {
        long count = 1;
        for (long size : shape) {
            if (size != 0 && count > Integer.MAX_VALUE / size) {
                throw lexer.wrong("a shape of fewer elements before this");
            }
            count *= size;
        }
        return count;
    }
}
