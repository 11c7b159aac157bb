package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.Patch;
import dev.graft.rewrite.Rule;
import java.util.List;
import java.util.Optional;

/**
 * Makes one transposition of two.
 *
 * <pre>
 * Transpose[0,1,3,2](Transpose[0,2,1,3](x))  ⇒  Transpose[0,2,3,1](x)
 * </pre>
 */
final class Transposes implements Rule {
    @Override
    public Optional<Patch> match(Links links, Node node) {
        if (!node.is("Transpose")) {
            return Optional.empty();
        }
        List<Long> outer = node.wholes("perm", List.of());
        return links.producer(node.input(0), "Transpose")
                .filter(before -> before.wholes("perm", List.of()).size() == outer.size() && !outer.isEmpty())
                .map(before -> {
                    List<Long> inner = before.wholes("perm", List.of());
                    List<Long> both = outer.stream()
                            .map(axis -> inner.get(axis.intValue()))
                            .toList();
                    return Patch.of(node.reading(List.of(before.input(0))).with("perm", new Attribute.Wholes(both)));
                });
    }
}
