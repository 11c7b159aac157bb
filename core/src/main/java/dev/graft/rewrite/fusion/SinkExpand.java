package dev.graft.rewrite.fusion;

import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.Names;
import dev.graft.rewrite.Patch;
import dev.graft.rewrite.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Computes element by element first and expands afterwards, so that fewer elements are computed.
 *
 * <pre>
 * Sub(1, Expand(m, s))                            ⇒  Expand(Sub(1, m), s)
 * Where(Expand(c, s), lowest, Expand(m, s))       ⇒  Expand(Where(c, lowest, m), s)
 * </pre>
 */
record SinkExpand(Facts facts) implements Rule {
    @Override
    public Optional<Patch> match(Links links, Node node) {
        boolean elementwise = Shapes.ALIKE.contains(node.operator()) || Shapes.BROADCAST.contains(node.operator());
        if (!elementwise || !node.domain().isEmpty()) {
            return Optional.empty();
        }
        List<Node> expansions = node.inputs().stream()
                .flatMap(input -> links.producer(input, "Expand").stream())
                .toList();
        Set<List<Object>> ways = expansions.stream()
                .map(expand -> List.<Object>of(expand.input(1), facts.shape(expand.input(0))))
                .collect(Collectors.toSet());
        boolean rest = node.inputs().stream()
                .allMatch(input -> links.producer(input, "Expand").isPresent() || isSingle(input));
        boolean known = expansions.stream()
                .allMatch(expand -> facts.shape(expand.input(0)).isPresent());
        return ways.size() == 1 && rest && known
                ? Optional.of(sunk(links, node, expansions.get(0).input(1)))
                : Optional.empty();
    }

    private boolean isSingle(String value) {
        return facts.shape(value)
                .filter(shape -> shape.isEmpty() || shape.equals(Size.listOf(1)))
                .isPresent();
    }

    private static Patch sunk(Links links, Node node, String target) {
        String narrow = Names.in(links.graph()).fresh(node.output() + "_narrow");
        List<String> operands = node.inputs().stream()
                .map(input -> links.producer(input, "Expand")
                        .map(expand -> expand.input(0))
                        .orElse(input))
                .toList();
        return Patch.of(
                node.reading(operands).defining(List.of(narrow)), Node.of("Expand", node.output(), narrow, target));
    }
}
