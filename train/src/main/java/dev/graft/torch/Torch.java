package dev.graft.torch;

import dev.graft.graph.Functions;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.rewrite.MixedPrecision;
import dev.graft.rewrite.Rewrite;
import dev.graft.run.Runtime;
import dev.graft.torch.ops.Operators;
import org.bytedeco.pytorch.global.torch;

/** Runs graphs on libtorch, where they can learn. */
public final class Torch implements Runtime {
    private final TorchSettings settings;
    private final OpTable table;
    private final Rewrite fusion;

    /** Libtorch with all operators and the given fusion, which must leave every trainable weight as it is. */
    public Torch(TorchSettings settings, Rewrite fusion) {
        this(settings, Operators.standard(), fusion);
    }

    Torch(TorchSettings settings, OpTable table, Rewrite fusion) {
        this.settings = settings;
        this.table = table;
        this.fusion = fusion;
        Natives.load(settings);
        torch.set_num_threads(settings.threads());
    }

    @Override
    public Network prepare(Graph graph) {
        try {
            Graph inlined = inlined(graph);
            Graph fused = inPrecision(fusion.apply(inlined));
            Binding binding = Binding.of(fused, table);
            return new Network(
                    graph,
                    fused,
                    Program.of(fused.main(), binding),
                    settings,
                    new GradientPaths(inlined, table).obstacles());
        } catch (GraphException e) {
            throw new NodeNames(graph).inFile(e);
        }
    }

    /**
     * A graph that answers and never learns.
     *
     * @throws GraphException as {@link #prepare}; also if it has nothing to compute in bfloat16 where that is asked for
     */
    public FrozenNetwork freeze(Graph graph) {
        try {
            Graph narrow = inPrecision(fusion.apply(inlined(graph)));
            if (settings.precision() == Precision.BF16 && !narrowed(narrow)) {
                throw new GraphException("Nothing of " + new NodeNames(graph).graph()
                        + " would be computed in bf16: it has no large products of float32 numbers; take fp32");
            }
            Program whole = Program.of(narrow.main(), Binding.of(narrow, table));
            return new FrozenNetwork(
                    graph, FrozenProgram.of(whole, narrow, settings.device() == Device.CPU), settings.device());
        } catch (GraphException e) {
            throw new NodeNames(graph).inFile(e);
        }
    }

    /** Whether some of a graph is computed in bfloat16 under these settings. */
    public boolean narrows(Graph graph) {
        return narrowed(inPrecision(fusion.apply(inlined(graph))));
    }

    private static boolean narrowed(Graph graph) {
        return graph.nodes().stream().anyMatch(FrozenProgram::narrows);
    }

    private static Graph inlined(Graph graph) {
        Graph inlined = Functions.inline(graph);
        Branches.check(inlined.main());
        return inlined;
    }

    private Graph inPrecision(Graph graph) {
        return settings.precision() == Precision.BF16 ? new MixedPrecision().apply(graph) : graph;
    }
}
