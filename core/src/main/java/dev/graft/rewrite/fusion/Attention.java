package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.Names;
import dev.graft.rewrite.Patch;
import dev.graft.rewrite.Rule;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Joins multi-head scaled dot-product attention (Vaswani et al. 2017), from where the heads are split to where they are
 * joined again.
 *
 * <pre>
 * q4 = Transpose[0,2,1,3](Reshape(q, [b, s, h, d])); k4ᵀ = Transpose[0,2,3,1](Reshape(k, …)); v4 as q4
 * Reshape(Transpose[0,2,1,3](MatMul(Softmax(c · MatMul(q4, k4ᵀ) + mask), v4)), [b, s, h·d])
 *     ⇒  Attention(q, k, v, mask; heads = h, scale = c)
 * Reshape(Transpose[0,2,1,3](Attention₂₃(q4, k4, v4, mask)), [b, s, h·d])
 *     ⇒  Attention(q, k, v, mask; heads = h, scale)
 * </pre>
 *
 * <p>Heads and sizes are taken from the shapes, which must be known. Several masks are added to one before.
 */
record Attention(Facts facts) implements Rule {
    @Override
    public Optional<Patch> match(Links links, Node node) {
        Optional<Node> context = node.is("Reshape")
                ? Match.inner(links, node.input(0), "Transpose")
                        .filter(merge -> Heads.isMoved(merge, Heads.HEADS_FIRST))
                        .flatMap(merge -> links.producer(merge.input(0)))
                        .filter(inner -> links.onlyReader(inner.output()).isPresent())
                : Optional.empty();
        return context.filter(inner -> isMerge(inner, node))
                .flatMap(inner -> scores(links, inner).flatMap(scores -> patch(links, node, inner, scores)));
    }

    private boolean isMerge(Node context, Node merged) {
        List<Size> from = facts.shape(context.output()).orElse(List.of());
        List<Size> to = facts.shape(merged.output()).orElse(List.of());
        return from.size() == 4
                && to.equals(List.of(from.get(0), from.get(2), from.get(1).times(from.get(3))));
    }

    private Optional<Scores> scores(Links links, Node context) {
        if (context.is("MatMul")) {
            return Match.inner(links, context.input(0), "Softmax")
                    .filter(this::isOverLastAxis)
                    .flatMap(softmax -> new ScoreReader(links, facts).read(softmax.input(0)))
                    .filter(scores -> scores.keepShape(facts, context.input(0)));
        }
        return context.is("Attention") ? new JoinedAttention(links, facts).read(context) : Optional.empty();
    }

    private boolean isOverLastAxis(Node softmax) {
        int rank = facts.shape(softmax.input(0)).map(List::size).orElse(0);
        long axis = softmax.whole("axis", facts.opset() < 13 ? 1 : -1);
        return axis == -1 || axis == rank - 1L;
    }

    private Optional<Patch> patch(Links links, Node merged, Node context, Scores scores) {
        Heads heads = new Heads(links, facts);
        int valueOperand = context.is("MatMul") ? 1 : 2;
        Optional<Heads.Split> q = heads.split(scores.query(), Heads.HEADS_FIRST);
        Optional<Heads.Split> k = heads.split(scores.key(), scores.keyOrder());
        Optional<Heads.Split> v = heads.split(context.input(valueOperand), Heads.HEADS_FIRST);
        boolean agree =
                q.isPresent() && k.isPresent() && v.isPresent() && q.get().agrees(k.get(), v.get());
        if (!agree) {
            return Optional.empty();
        }
        List<String> operands = new ArrayList<>(
                List.of(q.get().whole(), k.get().whole(), v.get().whole()));
        List<Node> nodes = new ArrayList<>();
        Map<String, Array> weights = new LinkedHashMap<>();
        scores.mask(Names.in(links.graph()), merged.output(), nodes, weights).ifPresent(operands::add);
        Map<String, Attribute> attributes = Map.of(
                "heads", new Attribute.Whole(q.get().heads()), "scale", new Attribute.Real((float) scores.scale()));
        nodes.add(Match.fused(FusedOperators.ATTENTION, merged, operands, attributes));
        return Optional.of(new Patch(nodes, weights));
    }
}
