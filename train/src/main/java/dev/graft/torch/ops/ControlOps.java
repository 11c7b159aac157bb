package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Value;
import java.util.List;

/** Nodes that hold graphs. */
final class ControlOps {
    private ControlOps() {}

    static void register(OpTable ops) {
        ops.values("If", 1, ControlOps::branch);
    }

    /** Only the branch that is taken runs. */
    private static List<Value> branch(Call in) {
        return in.body(in.scalar(0) != 0 ? "then_branch" : "else_branch").run(List.of());
    }
}
