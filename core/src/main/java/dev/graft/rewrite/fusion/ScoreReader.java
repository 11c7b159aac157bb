package dev.graft.rewrite.fusion;

import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads an attention's scores off what goes into its softmax. */
record ScoreReader(Links links, Facts facts) {
    private record Scaled(String value, double factor) {}

    /** The scores that make a value; empty where it is anything else. */
    Optional<Scores> read(String value) {
        Optional<Node> producer =
                links.producer(value).filter(node -> links.onlyReader(value).isPresent());
        if (producer.isEmpty() || !producer.get().domain().isEmpty()) {
            return Optional.empty();
        }
        Node node = producer.get();
        return switch (node.operator()) {
            case "MatMul" -> Optional.of(product(node));
            case "Mul", "Div" -> scaled(node);
            case "Add" -> added(node, 0).or(() -> added(node, 1));
            case "Where" -> chosen(node, 2).or(() -> chosen(node, 1));
            default -> Optional.empty();
        };
    }

    private Scores product(Node product) {
        Scaled query = unscaled(product.input(0));
        Scaled key = unscaled(product.input(1));
        double scale = query.factor() * key.factor();
        return new Scores(product.output(), query.value(), key.value(), Heads.LENGTH_LAST, scale, List.of());
    }

    private Optional<Scores> scaled(Node node) {
        Optional<Scaled> step = step(node);
        return step.flatMap(scaled -> read(scaled.value())
                .filter(scores -> scores.masks().isEmpty())
                .map(scores -> scores.times(scaled.factor()).of(node.output())));
    }

    private Optional<Scores> added(Node sum, int side) {
        return read(sum.input(side)).map(scores -> scores.with(new Scores.Added(sum.input(1 - side))));
    }

    private Optional<Scores> chosen(Node choice, int side) {
        String lowest = choice.input(3 - side);
        OptionalDouble number = Match.number(links, lowest);
        boolean low = number.isPresent()
                && number.getAsDouble() <= Scores.LOWEST
                && facts.type(lowest).filter(ElementType.FLOAT::equals).isPresent();
        return low
                ? read(choice.input(side))
                        .map(scores -> scores.with(new Scores.Chosen(choice.input(0), lowest, side == 2)))
                : Optional.empty();
    }

    private Scaled unscaled(String value) {
        Scaled current = new Scaled(value, 1);
        Optional<Scaled> step = inside(value);
        while (step.isPresent()) {
            current =
                    new Scaled(step.get().value(), current.factor() * step.get().factor());
            step = inside(current.value());
        }
        return current;
    }

    private Optional<Scaled> inside(String value) {
        return links.producer(value)
                .filter(node -> links.onlyReader(value).isPresent())
                .flatMap(this::step);
    }

    /** The value that a node multiplies by a constant, and that constant. */
    private Optional<Scaled> step(Node node) {
        if (!node.is("Mul") && !node.is("Div")) {
            return Optional.empty();
        }
        OptionalDouble right = Match.number(links, node.input(1));
        if (right.isPresent()) {
            double factor = node.is("Div") ? 1 / right.getAsDouble() : right.getAsDouble();
            return Optional.of(new Scaled(node.input(0), factor));
        }
        OptionalDouble left = node.is("Mul") ? Match.number(links, node.input(0)) : OptionalDouble.empty();
        return left.isPresent() ? Optional.of(new Scaled(node.input(1), left.getAsDouble())) : Optional.empty();
    }
}
