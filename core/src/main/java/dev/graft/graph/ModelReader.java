package dev.graft.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one {@code ModelProto}. */
final class ModelReader {
    static final int IR_VERSION = 1;
    static final int PRODUCER = 2;
    static final int PRODUCER_VERSION = 3;
    static final int DOMAIN = 4;
    static final int VERSION = 5;
    static final int DOCUMENTATION = 6;
    static final int GRAPH = 7;
    static final int OPSET = 8;
    static final int METADATA = 14;
    static final int FUNCTION = 25;

    private final BlockReader blocks;
    private final Map<String, Long> opsets = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Function> functions = new ArrayList<>();
    private final List<Extras.Field> extras = new ArrayList<>();
    private final String[] texts = {"", "", "", "", "", "", ""};
    private @Nullable Block main;
    private long irVersion;
    private long version;

    private ModelReader(ExternalData files) {
        this.blocks = new BlockReader(files);
    }

    static Graph read(Wire wire, ExternalData files) {
        var reader = new ModelReader(files);
        while (wire.next()) {
            reader.field(wire);
        }
        return reader.graph(wire);
    }

    private void field(Wire wire) {
        switch (wire.number()) {
            case IR_VERSION -> {
                irVersion = wire.whole();
                keep(wire, irVersion == 0);
            }
            case PRODUCER, PRODUCER_VERSION, DOMAIN, DOCUMENTATION -> {
                texts[wire.number()] = wire.text();
                keep(wire, texts[wire.number()].isEmpty());
            }
            case VERSION -> {
                version = wire.whole();
                keep(wire, version == 0);
            }
            case GRAPH -> {
                if (main != null) {
                    throw wire.damaged("a second graph");
                }
                main = blocks.read(wire.message());
            }
            case OPSET -> keep(wire, !Opset.read(wire.message()).into(opsets, wire));
            case METADATA -> {
                Entry entry = Entry.read(wire.message());
                entry.into(metadata);
                keep(wire, !entry.plain());
            }
            case FUNCTION -> functions.add(FunctionReader.read(wire.message(), blocks));
            default -> extras.add(wire.raw());
        }
    }

    private void keep(Wire wire, boolean needed) {
        if (needed) {
            extras.add(wire.raw());
        }
    }

    private Graph graph(Wire wire) {
        if (main == null) {
            throw wire.wrong("this is no ONNX model, for it holds no graph; give the path of a .onnx file");
        }
        var header = new Header(
                irVersion,
                texts[PRODUCER],
                texts[PRODUCER_VERSION],
                texts[DOMAIN],
                version,
                texts[DOCUMENTATION],
                metadata,
                Extras.of(extras),
                wire.source());
        try {
            return new Graph(main, opsets, functions, header);
        } catch (GraphException e) {
            throw new GraphException(wire.where(e.getMessage() + "; export the model again"), e);
        }
    }
}
