package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Nodes that hold graphs. */
final class ControlOps {
    private ControlOps() {}

    static void register(OpTable ops) {
        ops.multi("If", 1, ControlOps::branch);
    }

    /** Only the branch that is taken runs. */
    private static List<Tensor> branch(Call in) {
        return in.body(in.scalar(0) != 0 ? "then_branch" : "else_branch").run(List.of());
    }
}
