package dev.graft.serve;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import dev.graft.GraftException;
import dev.graft.watch.Watch;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;

/**
 * Serves bundles over HTTP and gRPC on one port, in the protocols of text-embeddings-inference and of the Open Inference
 * Protocol, version 2.
 */
public final class InferenceServer implements AutoCloseable {
    private static final Duration READING_AND_ANSWERING = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final int MOST_CONNECTIONS = 10_000;
    private static final int MOST_STREAMS = 1_024;
    private static final int EVENT_LOOPS = 2;

    private final Server server;
    private final Models models;
    private final Watch watch;
    private final ExecutorService workers;

    private InferenceServer(Server server, Models models, Watch watch, ExecutorService workers) {
        this.server = server;
        this.models = models;
        this.watch = watch;
        this.workers = workers;
    }

    /**
     * Loads bundles, replays their parity examples, warms them up, and only then listens.
     *
     * @param bundles folders by the names under which they are served; the first answers where no model is named
     * @throws dev.graft.InputException if a folder is no bundle, or does not compute what training computed
     * @throws GraftException if the address cannot be listened on
     */
    public static InferenceServer start(Map<String, Path> bundles, ServeSettings settings) {
        return start(
                bundles.entrySet().stream()
                        .map(bundle -> new Offer(bundle.getKey(), bundle.getValue()))
                        .toList(),
                settings);
    }

    /**
     * As the other, with several versions of a model side by side.
     *
     * @param offers the first answers where no model is named
     */
    public static InferenceServer start(List<Offer> offers, ServeSettings settings) {
        ExecutorService workers = Workers.of(settings.tokenizationWorkers());
        Watch watch = Watch.start(settings.watching());
        var meters = new Meters(watch);
        var models = new Models(offers, settings, meters, workers);
        try {
            Server server = server(models, settings, meters, watch, workers);
            models.openAll();
            System.gc(); // model files stay mapped until what mapped them is collected
            server.start().join();
            return new InferenceServer(server, models, watch, workers);
        } catch (CompletionException e) {
            models.close();
            watch.close();
            workers.shutdown();
            throw new GraftException(
                    "The server cannot listen on " + settings.host() + ":" + settings.port() + ": "
                            + String.valueOf(e.getCause()),
                    e);
        } catch (RuntimeException | Error e) {
            models.close();
            watch.close();
            workers.shutdown();
            throw e;
        }
    }

    private static Server server(
            Models models, ServeSettings settings, Meters meters, Watch watch, ExecutorService workers) {
        ServerBuilder builder = Server.builder()
                .http(new InetSocketAddress(settings.host(), settings.port()))
                .workerGroup(EVENT_LOOPS)
                .errorHandler(new ErrorPages())
                .maxRequestLength(settings.payloadLimit())
                .requestTimeout(READING_AND_ANSWERING)
                .idleTimeout(IDLE)
                .maxNumConnections(MOST_CONNECTIONS)
                .http2MaxStreamsPerConnection(MOST_STREAMS)
                .disableServerHeader()
                .disableDateHeader()
                .gracefulShutdownTimeout(Duration.ZERO, settings.drainTime());
        new Routes(builder, models, settings, meters, watch, workers).add();
        return builder.build();
    }

    /** The port that is listened on. */
    public int port() {
        return server.activeLocalPort();
    }

    /** Listens no longer, answers what is under way within the drain time, and frees the models. */
    @Override
    public void close() {
        server.stop().join();
        models.close();
        watch.close();
        workers.shutdown();
    }
}
