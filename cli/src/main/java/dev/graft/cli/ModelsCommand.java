package dev.graft.cli;

import dev.graft.bundle.Json;
import dev.graft.hub.Hub;
import dev.graft.hub.HubSettings;
import dev.graft.hub.KnownModel;
import dev.graft.hub.Pretrained;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft models}: the pretrained models that have a short name; {@code pull} fetches one. */
@Command(
        name = "models",
        footer = {"Example: graft models pull bge-small-en-v1.5", ""},
        description = "Lists known pretrained models.")
final class ModelsCommand implements Callable<Integer> {
    private static final double MEGABYTE = 1 << 20;

    private final Console console;

    @Mixin
    private CommonOptions common = new CommonOptions();

    ModelsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (common.json) {
            console.answer(
                    Json.text(new Listing(Hub.known().stream().map(Line::of).toList()))
                            .stripTrailing());
            return 0;
        }
        for (KnownModel model : Hub.known()) {
            console.answer(String.format(
                    Locale.ROOT,
                    "%-20s %6.0f MB  %-11s %s",
                    model.name(),
                    model.bytes() / MEGABYTE,
                    model.licence(),
                    model.description()));
        }
        console.answer("");
        console.answer(
                "Also: a path to an .onnx file, a folder in Hugging Face's layout, or hf:owner/name[@revision].");
        return 0;
    }

    @Command(
            name = "pull",
            footer = {"Example: graft models pull bge-small-en-v1.5", ""},
            description = "Fetches a model into the cache, so that training needs no network.")
    int pull(
            @Parameters(paramLabel = "NAME", description = "As train's --model takes it.") String name,
            @Option(names = "--offline", description = "Open no network connection.") boolean offline) {
        HubSettings settings = HubSettings.fromEnvironment().withListener(new DownloadProgress(console));
        Pretrained model = new Hub(offline ? settings.withOffline(true) : settings).resolve(name);
        console.answer(model.model().toString());
        return 0;
    }

    private record Listing(List<Line> models) {}

    private record Line(String name, long bytes, String licence, String description) {
        static Line of(KnownModel model) {
            return new Line(model.name(), model.bytes(), model.licence(), model.description());
        }
    }
}
