package dev.graft.rewrite.fusion;

import dev.graft.graph.Graph;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.Rule;
import dev.graft.rewrite.Rules;
import java.util.List;
import java.util.function.Function;

/** A rewrite that shares what is known of a graph with those before and after it, as long as none changes the graph. */
@FunctionalInterface
interface Pass extends Rewrite {
    /** The rewritten graph, or the known graph itself where there is nothing to do. */
    Graph apply(Known known);

    @Override
    default Graph apply(Graph graph) {
        return apply(new Known(graph));
    }

    /** One pass of a rule over all nodes. */
    static Pass rule(Rule rule) {
        return known -> Rules.pass(known.links(), rule);
    }

    /** One pass of a rule that goes by facts. */
    static Pass knowing(Function<Facts, Rule> rule) {
        return known -> Rules.pass(known.links(), rule.apply(known.facts()));
    }

    /** All passes once, in order. */
    static Pass inOrder(List<Pass> passes) {
        return start -> {
            Known known = start;
            for (Pass pass : passes) {
                known = known.of(pass.apply(known));
            }
            return known.graph();
        };
    }

    /**
     * All passes in order again and again, until each has found nothing more to do.
     *
     * @param mostRounds after which the graph is left as it is
     */
    static Pass untilSettled(List<Pass> passes, int mostRounds) {
        return start -> {
            Known known = start;
            int settled = 0;
            for (int i = 0; settled < passes.size() && i < mostRounds * passes.size(); i++) {
                Known next = known.of(passes.get(i % passes.size()).apply(known));
                settled = next == known ? settled + 1 : 0;
                known = next;
            }
            return known.graph();
        };
    }
}
