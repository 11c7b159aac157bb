package dev.graft.torch;

import dev.graft.bench.TrainingStep;
import dev.graft.graph.Node;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.torch.ops.Operators;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;

/**
 * Where the time of a training step goes, by operator: forward, and on the way back.
 *
 * <p>Each operator is timed as it runs. On the way back a hook on each result notes when its gradient is whole; until the
 * next such moment libtorch works on what the operator's operands get, for it goes back in exactly the reverse order.
 * Threads of one operator work in parallel, operators run one after the other, so the times add up to the step's.
 * Below the table stands the share of the step that its products would take at the speed of large ones.
 *
 * <p>Arguments as {@link TrainingStep}'s.
 */
public final class StepProfile {
    private final Map<String, long[]> nanos = new LinkedHashMap<>();
    private final List<String> forward = new ArrayList<>();
    private final Hook hook = new Hook();
    private String running = "";
    private long since;
    private double operations;

    private final class Hook extends VoidTensorHook {
        @Override
        public void call(TensorBase gradient) {
            String next = forward.remove(forward.size() - 1);
            reached(next, 1);
        }
    }

    public static void main(String[] arguments) throws IOException {
        var profile = new StepProfile();
        profile.run(new TrainingStep.Shape(arguments));
    }

    private void run(TrainingStep.Shape shape) throws IOException {
        var torch = new Torch(shape.settings(), profiled(), Fusion.standard().then(new InsertDropout(shape.rate())));
        try (Network network = torch.prepare(TrainingStep.graph())) {
            TrainingStep step = new TrainingStep(network, shape);
            for (int i = 0; i < shape.steps(); i++) {
                if (i == TrainingStep.WARM_UP) {
                    nanos.clear();
                    operations = 0;
                }
                forward.clear();
                running = "between";
                since = System.nanoTime();
                step.learn(i);
                reached("optimizer", 1);
                step.move();
                reached("between", 0);
            }
        }
        print(shape.steps() - TrainingStep.WARM_UP);
        printShare(shape);
    }

    private void printShare(TrainingStep.Shape shape) {
        Roofline limit = Roofline.measured();
        double products = operations / 1e9 / limit.products(shape.precision());
        double all =
                nanos.values().stream().mapToLong(each -> each[0] + each[1]).sum() / 1e9;
        System.out.println(limit);
        System.out.printf(
                Locale.ROOT,
                "products of a step: %.1f GFLOP, %.0f ms at that limit, %.0f %% of the step%n",
                operations / 1e9 / (shape.steps() - TrainingStep.WARM_UP),
                1e3 * products / (shape.steps() - TrainingStep.WARM_UP),
                100 * products / all);
    }

    /** Operations of a product forward; on the way back there are twice as many. */
    private static double operations(Call call) {
        double elements = call.operands() == 0 ? 0 : call.tensor(0).numel();
        return switch (call.node().operator()) {
            case "Linear" ->
                2 * elements * call.tensor(1).numel() / call.tensor(0).size(-1);
            case "Attention" -> 4 * elements * call.tensor(1).size(1);
            default -> 0;
        };
    }

    /** The standard table with a clock around each operator. */
    private OpTable profiled() {
        OpTable standard = Operators.standard();
        var table = new OpTable();
        standard.versions()
                .forEach((name, versions) -> versions.forEach(version -> {
                    String domain = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
                    String operator = name.substring(name.lastIndexOf('.') + 1);
                    OpTable.Operator body =
                            standard.find(domain, operator, version).orElseThrow();
                    table.values(domain, operator, version, call -> timed(body, call));
                }));
        return table;
    }

    private List<? extends Value> timed(OpTable.Operator body, Call call) {
        reached(label(call), 0);
        List<? extends Value> results = body.compute(call);
        if (!results.isEmpty()
                && results.get(0) instanceof Value.Single first
                && first.tensor().requires_grad()
                && call.training()) {
            forward.add(label(call));
            first.tensor().register_hook(hook);
            operations += 3 * operations(call);
        }
        reached("between", 0);
        return results;
    }

    /** The operator, and for products the width of their weight. */
    private static String label(Call call) {
        Node node = call.node();
        String width = node.operator().equals("Linear") ? " " + Tensors.describe(call.tensor(1)) : "";
        return node.operator() + width;
    }

    /** Counts the time since the last such moment for what ran until now. */
    private void reached(String next, int direction) {
        long now = System.nanoTime();
        nanos.computeIfAbsent(running, key -> new long[2])[direction] += now - since;
        running = next;
        since = now;
    }

    private void print(int steps) {
        double all =
                nanos.values().stream().mapToLong(each -> each[0] + each[1]).sum();
        System.out.println("| operator | forward, ms | backward, ms | share |\n|---|---|---|---|");
        nanos.entrySet().stream()
                .sorted((a, b) -> Long.compare(b.getValue()[0] + b.getValue()[1], a.getValue()[0] + a.getValue()[1]))
                .forEach(entry -> System.out.printf(
                        Locale.ROOT,
                        "| %s | %.1f | %.1f | %.1f %% |%n",
                        entry.getKey(),
                        entry.getValue()[0] / 1e6 / steps,
                        entry.getValue()[1] / 1e6 / steps,
                        100 * (entry.getValue()[0] + entry.getValue()[1]) / all));
        System.out.printf(Locale.ROOT, "| all | %.1f | | 100 %% |%n", all / 1e6 / steps);
    }
}
