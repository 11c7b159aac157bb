package dev.graft.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes {@code ModelProto}s and {@code FunctionProto}s. */
final class ModelWriter {
    private final BlockWriter blocks;

    private ModelWriter(BlockWriter blocks) {
        this.blocks = blocks;
    }

    /** A model's message, with large weights put into a file of their own, if one is given. */
    static Output model(Graph graph, Optional<WeightFile> file) {
        return new ModelWriter(new BlockWriter(file)).model(graph);
    }

    private Output model(Graph graph) {
        Header header = graph.header();
        var message = new Output(header.extras().without(ModelReader.OPSET, ModelReader.METADATA));
        message.wholeIfSet(ModelReader.IR_VERSION, header.irVersion());
        message.text(ModelReader.PRODUCER, header.producerName());
        message.text(ModelReader.PRODUCER_VERSION, header.producerVersion());
        message.text(ModelReader.DOMAIN, header.domain());
        message.wholeIfSet(ModelReader.VERSION, header.modelVersion());
        message.text(ModelReader.DOCUMENTATION, header.documentation());
        message.message(ModelReader.GRAPH, blocks.block(graph.main()));
        opsets(message, ModelReader.OPSET, graph.opsets(), header.extras());
        metadata(message, header);
        graph.functions().forEach(function -> message.message(ModelReader.FUNCTION, function(function)));
        return message;
    }

    private Output function(Function function) {
        var message = new Output(function.extras().without(FunctionReader.OPSET, FunctionReader.DEFAULT));
        message.text(FunctionReader.NAME, function.name());
        function.inputs().forEach(input -> message.textAlways(FunctionReader.INPUT, input));
        function.outputs().forEach(output -> message.textAlways(FunctionReader.OUTPUT, output));
        function.attributes().forEach(attribute -> message.textAlways(FunctionReader.ATTRIBUTE, attribute));
        function.nodes()
                .forEach(node ->
                        message.message(FunctionReader.NODE, blocks.nodes().node(node)));
        opsets(message, FunctionReader.OPSET, function.opsets(), function.extras());
        message.text(FunctionReader.DOMAIN, function.domain());
        blocks.nodes().attributes(message, FunctionReader.DEFAULT, function.attributeDefaults(), function.extras());
        return message;
    }

    private static void opsets(Output to, int number, Map<String, Long> opsets, Extras extras) {
        List<Extras.Field> kept = new ArrayList<>(extras.numbered(number));
        opsets.forEach((domain, version) -> {
            Optional<Extras.Field> field = kept.stream()
                    .filter(as -> {
                        Opset opset = Opset.read(Wire.payload(as));
                        return opset.domain().equals(domain) && opset.version() == version;
                    })
                    .findFirst();
            field.ifPresentOrElse(to::raw, () -> to.message(number, Opset.write(domain, version)));
        });
    }

    private static void metadata(Output to, Header header) {
        Kept kept = Kept.of(header.extras(), ModelReader.METADATA, 1);
        header.metadata().forEach((key, value) -> {
            Optional<Extras.Field> field = kept.named(key)
                    .filter(as -> Entry.read(Wire.payload(as)).value().equals(value));
            field.ifPresentOrElse(to::raw, () -> to.message(ModelReader.METADATA, Entry.write(key, value)));
        });
    }
}
