package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.predict.BatcherSettings;
import dev.graft.serve.InferenceServer;
import dev.graft.serve.Offer;
import dev.graft.serve.ServeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft serve}: bundles answer over HTTP and gRPC. */
@Command(
        name = "serve",
        description = "Serves bundles over HTTP and gRPC, in the protocols of text-embeddings-inference, KServe and"
                + " Triton.",
        footer = {
            "Example:",
            "  graft serve support-model",
            "  curl -s localhost:8080/predict -H 'Content-Type: application/json' -d '{\"inputs\": \"My card has not"
                    + " arrived\"}'",
            ""
        })
final class ServeCommand implements Callable<Integer> {
    private static final long GLANCE_MS = 50;

    /** Of what the server's libraries log, only what nobody can go on after is of use to who runs the command. */
    private static final Logger LIBRARIES = Logger.getLogger("");

    /** What it would tell, with a stack trace each time, the server says once itself. */
    private static final Logger TRACES = Logger.getLogger("io.opentelemetry");

    private final Console console;
    private final Interruption interruption;

    @Parameters(
            paramLabel = "BUNDLE",
            arity = "1..*",
            description = "Folders that graft train wrote, or folders with numbered versions of one; NAME=FOLDER"
                    + " serves one under another name, and given again another version beside it.")
    private List<String> bundles = List.of();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on; 0.0.0.0 for all (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Port for HTTP and gRPC; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--max-batch-size",
            paramLabel = "N",
            defaultValue = "32",
            description = "Most texts computed together (default: ${DEFAULT-VALUE}).")
    private int maxBatchSize;

    @Option(
            names = "--max-batch-tokens",
            paramLabel = "N",
            defaultValue = "16384",
            description = "Most tokens computed together, padding included (default: ${DEFAULT-VALUE}).")
    private int maxBatchTokens;

    @Option(
            names = "--max-delay",
            paramLabel = "MS",
            defaultValue = "2",
            description = "Longest wait of a text for company while the model is idle (default: ${DEFAULT-VALUE}).")
    private int maxDelay;

    @Option(
            names = "--max-queue-size",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Most texts that wait; more are refused with status 429 (default: ${DEFAULT-VALUE}).")
    private int maxQueueSize;

    @Option(
            names = "--max-concurrent-requests",
            paramLabel = "N",
            defaultValue = "512",
            description = "Most requests under way; more are refused with status 429 (default: ${DEFAULT-VALUE}).")
    private int maxConcurrentRequests;

    @Option(
            names = "--max-client-batch-size",
            paramLabel = "N",
            defaultValue = "32",
            description = "Most texts of one request (default: ${DEFAULT-VALUE}).")
    private int maxClientBatchSize;

    @Option(
            names = "--payload-limit",
            paramLabel = "BYTES",
            defaultValue = "2000000",
            description = "Most bytes of one request (default: ${DEFAULT-VALUE}).")
    private int payloadLimit;

    @Option(
            names = "--tokenization-workers",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that read, tokenise and write; 0 for one a processor (default: ${DEFAULT-VALUE}).")
    private int tokenizationWorkers;

    @Option(
            names = "--cache-size",
            paramLabel = "MB",
            defaultValue = "16",
            description = "Memory for answers that are kept; 0 keeps none (default: ${DEFAULT-VALUE}).")
    private int cacheSize;

    @Option(
            names = "--cache-ttl",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description = "How long an answer is kept (default: ${DEFAULT-VALUE}).")
    private int cacheTtl;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long a stopping server waits for requests under way (default: ${DEFAULT-VALUE}).")
    private int drain;

    @Mixin
    private JobOptions jobs = new JobOptions();

    @Mixin
    private ModelOptions models = new ModelOptions();

    @Mixin
    private SecurityOptions security = new SecurityOptions();

    @Mixin
    private WatchOptions watching = new WatchOptions();

    @Mixin
    private PrecisionOptions precision = new PrecisionOptions();

    @Mixin
    private MachineOptions machine = new MachineOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    ServeCommand(Console console, Interruption interruption) {
        this.console = console;
        this.interruption = interruption;
    }

    @Override
    public Integer call() {
        console.beQuiet(common.quiet);
        machine.requireDevice();
        ServeSettings some = settings();
        List<Offer> offers = offers();
        ServeSettings settings = some.withModels(models.settings(offers.get(0).folder()));
        LIBRARIES.setLevel(Level.SEVERE);
        TRACES.setLevel(Level.OFF);
        interruption.listen();
        try (InferenceServer server = InferenceServer.start(offers, settings, console::warn)) {
            tell(offers, settings, server.port());
            while (!interruption.requested()) {
                Thread.sleep(GLANCE_MS);
            }
            console.say("stopping: what is under way is answered, for " + drain + " s at most");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private void tell(List<Offer> offers, ServeSettings settings, int actualPort) {
        String address = (settings.security().tls().isPresent() ? "https://" : "http://") + host + ":" + actualPort;
        if (common.json) {
            console.answer("{\"address\": \"" + address + "\"}");
        }
        List<String> names = offers.stream().map(Offer::name).distinct().toList();
        String how = settings.engine().exact() ? "" : " in " + settings.engine().precision();
        console.say("serving " + String.join(", ", names) + " on " + address + how);
    }

    private ServeSettings settings() {
        requireAtLeast("--port", port, 0);
        requireAtLeast("--max-batch-size", maxBatchSize, 1);
        requireAtLeast("--max-batch-tokens", maxBatchTokens, 1);
        requireAtLeast("--max-delay", maxDelay, 0);
        requireAtLeast("--max-queue-size", maxQueueSize, 1);
        requireAtLeast("--max-concurrent-requests", maxConcurrentRequests, 1);
        requireAtLeast("--max-client-batch-size", maxClientBatchSize, 1);
        requireAtLeast("--payload-limit", payloadLimit, 1);
        requireAtLeast("--tokenization-workers", tokenizationWorkers, 0);
        requireAtLeast("--cache-size", cacheSize, 0);
        requireAtLeast("--cache-ttl", cacheTtl, 1);
        requireAtLeast("--drain", drain, 0);
        if (port > 65_535) {
            throw new InputException("--port must be 0 to 65535, not " + port);
        }
        return new ServeSettings(
                        host,
                        port,
                        new BatcherSettings(maxBatchSize, maxBatchTokens, Duration.ofMillis(maxDelay), maxQueueSize),
                        maxConcurrentRequests,
                        maxClientBatchSize,
                        payloadLimit,
                        (long) cacheSize << 20,
                        Duration.ofSeconds(cacheTtl),
                        tokenizationWorkers == 0 ? ServeSettings.DEFAULT.tokenizationWorkers() : tokenizationWorkers,
                        machine.threads(),
                        Duration.ofSeconds(drain))
                .withWatching(watching.settings(machine.offline))
                .withSecurity(security.security(console::say))
                .withJobs(jobs.settings())
                .withEngine(precision.engine(console));
    }

    private static void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw new InputException(option + " must be " + least + " or more, not " + value);
        }
    }

    private List<Offer> offers() {
        var offers = new ArrayList<Offer>();
        var unnamed = new HashSet<String>();
        for (String bundle : bundles) {
            int equals = bundle.indexOf('=');
            Path folder = Path.of(bundle.substring(equals + 1));
            String name = equals > 0 ? bundle.substring(0, equals) : lastName(folder);
            boolean taken = offers.stream().anyMatch(offer -> offer.name().equals(name));
            if (taken && (equals <= 0 || unnamed.contains(name))) {
                throw new InputException("Two of the folders are called '" + name
                        + "', of which " + folder + " is one; name one otherwise with NAME=FOLDER, or both alike for"
                        + " versions of one model");
            }
            if (equals <= 0) {
                unnamed.add(name);
            }
            offers.add(new Offer(name, folder));
        }
        return offers;
    }

    private static String lastName(Path folder) {
        return Objects.requireNonNullElse(folder.toAbsolutePath().normalize().getFileName(), folder)
                .toString();
    }
}
