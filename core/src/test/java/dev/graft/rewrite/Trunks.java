package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import java.util.List;

/** Small encoders as text. */
final class Trunks {
    private Trunks() {}

    /** Token vectors of width 4 and a pooled vector that needs a weight of its own. */
    static Graph encoder(int opset) {
        return GraphText.parse("""
                <ir_version: 8, opset_import: ["" : %d]>
                g (int64[B,S] input_ids, int64[B,S] attention_mask) => (float[B,S,4] last_hidden_state, float[B,4] pooler_output)
                   <float[10,4] table = {...}, float[4,4] dense = {...}, int64 zero = {0}>
                {
                   last_hidden_state = Gather (table, input_ids)
                   first = Gather <axis: int = 1> (last_hidden_state, zero)
                   pooler_output = MatMul (first, dense)
                }
                """.formatted(opset));
    }

    static List<String> operators(Graph graph) {
        return graph.nodes().stream().map(Node::operator).toList();
    }

    static Node node(Graph graph, String operator) {
        return graph.nodes().stream()
                .filter(node -> node.is(operator) || node.operator().equals(operator))
                .findFirst()
                .orElseThrow();
    }
}
