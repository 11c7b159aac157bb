package dev.graft.rewrite;

import static dev.graft.rewrite.Trunks.operators;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final Graph CHAIN = GraphText.parse("""
            <ir_version: 8, opset_import: ["" : 17]>
            g (float[2] x) => (float[2] y)
               <float one = {1}>
            {
               a = Add (x, one)
               b = Neg (a)
               y = Neg (b)
            }
            """);

    private static Rule replacing(String operator, String by) {
        return (links, node) ->
                node.is(operator) ? Optional.of(Patch.of(Node.of(by, node.output(), node.input(0)))) : Optional.empty();
    }

    @Test
    void aRuleIsTriedAtEveryNode() {
        assertThat(operators(Rules.each(replacing("Neg", "Abs")).apply(CHAIN))).containsExactly("Add", "Abs", "Abs");
    }

    @Test
    void rulesRunOneAfterTheOther() {
        Rewrite rewrite = Rules.each(replacing("Neg", "Abs"), replacing("Abs", "Sqrt"));
        assertThat(operators(rewrite.apply(CHAIN))).containsExactly("Add", "Sqrt", "Sqrt");
    }

    @Test
    void aRuleSeesTheGraphAsItWasBeforeItsPass() {
        List<String> seen = new ArrayList<>();
        Rule watching = (links, node) -> {
            node.inputs().forEach(input -> links.producer(input).ifPresent(each -> seen.add(each.operator())));
            return replacing("Neg", "Abs").match(links, node);
        };
        Rules.each(watching).apply(CHAIN);
        assertThat(seen).containsExactly("Add", "Neg");
    }

    @Test
    void whatNobodyReadsAnyMoreIsRemovedWithItsWeights() {
        Rule shortcut = (links, node) -> node.is("Neg") && node.output().equals("y")
                ? Optional.of(Patch.of(Node.of("Abs", "y", "x")))
                : Optional.empty();
        Graph after = Rules.each(shortcut).apply(CHAIN);
        assertThat(operators(after)).containsExactly("Abs");
        assertThat(after.weights()).isEmpty();
    }

    @Test
    void aRuleThatSaysNoEverywhereReturnsTheGraphItself() {
        assertThat(Rules.each(replacing("Tanh", "Abs")).apply(CHAIN)).isSameAs(CHAIN);
    }

    @Test
    void patchesBringTheirWeights() {
        Rule doubling = (links, node) -> node.is("Add")
                ? Optional.of(new Patch(
                        List.of(Node.of("Mul", node.output(), node.input(0), "two")), Map.of("two", Array.scalar(2f))))
                : Optional.empty();
        assertThat(Rules.each(doubling).apply(CHAIN).weights()).containsOnlyKeys("two");
    }

    @Test
    void aPatchThatForgetsAValueIsRefused() {
        Rule forgetful = (links, node) ->
                node.is("Add") ? Optional.of(Patch.of(Node.of("Abs", "other", "x"))) : Optional.empty();
        assertThatThrownBy(() -> Rules.each(forgetful).apply(CHAIN))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("'a'");
    }

    @Test
    void rewritesComposeFromLeftToRight() {
        Rewrite first = Rules.each(replacing("Neg", "Abs"));
        Rewrite second = Rules.each(replacing("Abs", "Sqrt"));
        assertThat(operators(first.then(second).apply(CHAIN))).containsExactly("Add", "Sqrt", "Sqrt");
        assertThat(operators(Rewrite.inOrder(List.of(second, first)).apply(CHAIN)))
                .containsExactly("Add", "Abs", "Abs");
    }

    @Test
    void freshNamesAreFreeAndNeverGivenTwice() {
        Names names = Names.in(CHAIN);
        assertThat(List.of(names.fresh("a"), names.fresh("a"), names.fresh("one"), names.fresh("x"), names.fresh("z")))
                .containsExactly("a_2", "a_3", "one_2", "x_2", "z");
    }
}
