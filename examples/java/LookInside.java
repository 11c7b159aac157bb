import dev.graft.graph.Onnx;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.fusion.Fusion;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads a model file, rewrites it as training does, and counts its operators. */
public final class LookInside {
    public static void main(String[] arguments) {
        var graph = Onnx.read(Path.of("support-model/model.onnx"));
        var forTraining = Fusion.standard().then(new InsertDropout(0.1)).apply(graph);
        System.out.println(graph.nodes().size() + " nodes become " + forTraining.nodes().size());
        var operators = forTraining.nodes().stream()
                .collect(Collectors.groupingBy(node -> node.operator(), TreeMap::new, Collectors.counting()));
        System.out.println(operators);
    }
}
