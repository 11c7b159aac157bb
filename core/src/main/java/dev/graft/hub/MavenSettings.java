package dev.graft.hub;

import dev.graft.InputException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.settings.Mirror;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsBuilderFactory;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuildingException;
import org.eclipse.aether.repository.AuthenticationSelector;
import org.eclipse.aether.repository.MirrorSelector;
import org.eclipse.aether.repository.ProxySelector;
import org.eclipse.aether.util.repository.AuthenticationBuilder;
import org.eclipse.aether.util.repository.DefaultAuthenticationSelector;
import org.eclipse.aether.util.repository.DefaultMirrorSelector;
import org.eclipse.aether.util.repository.DefaultProxySelector;

/** What the user has told Maven: {@code ~/.m2/settings.xml} over the installation's {@code conf/settings.xml}. */
final class MavenSettings {
    private MavenSettings() {}

    static Settings read() {
        return read(home().resolve("settings.xml"), installed());
    }

    static Settings read(Path user, Optional<Path> installed) {
        var request = new DefaultSettingsBuildingRequest();
        request.setSystemProperties(System.getProperties());
        request.setUserSettingsFile(user.toFile());
        request.setGlobalSettingsFile(installed.map(Path::toFile).orElse(null));
        try {
            return new DefaultSettingsBuilderFactory()
                    .newInstance()
                    .build(request)
                    .getEffectiveSettings();
        } catch (SettingsBuildingException e) {
            throw new InputException("Maven's settings cannot be read: " + e.getMessage(), e);
        }
    }

    private static Path home() {
        return Path.of(System.getProperty("user.home"), ".m2");
    }

    /** The settings of the Maven whose home the environment names, or that stands on the search path. */
    private static Optional<Path> installed() {
        return Stream.of("MAVEN_HOME", "M2_HOME")
                .flatMap(name -> Optional.ofNullable(System.getenv(name)).stream())
                .map(Path::of)
                .findFirst()
                .or(MavenSettings::onSearchPath)
                .map(home -> home.resolve("conf").resolve("settings.xml"))
                .filter(Files::isRegularFile);
    }

    private static Optional<Path> onSearchPath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "mvn"))
                .filter(Files::isRegularFile)
                .findFirst()
                .flatMap(MavenSettings::homeOf);
    }

    private static Optional<Path> homeOf(Path program) {
        try {
            return Optional.ofNullable(program.toRealPath().getParent()).map(Path::getParent);
        } catch (java.io.IOException unreadable) {
            return Optional.empty();
        }
    }

    static Path localRepository(Settings settings) {
        return Optional.ofNullable(System.getProperty("maven.repo.local"))
                .or(() -> Optional.ofNullable(settings.getLocalRepository()))
                .map(Path::of)
                .orElse(home().resolve("repository"));
    }

    static MirrorSelector mirrors(Settings settings) {
        var selector = new DefaultMirrorSelector();
        for (Mirror mirror : settings.getMirrors()) {
            selector.add(
                    mirror.getId(),
                    mirror.getUrl(),
                    mirror.getLayout(),
                    false,
                    mirror.isBlocked(),
                    mirror.getMirrorOf(),
                    mirror.getMirrorOfLayouts());
        }
        return selector;
    }

    static ProxySelector proxies(Settings settings) {
        var selector = new DefaultProxySelector();
        for (Proxy proxy : settings.getProxies()) {
            if (proxy.isActive()) {
                var authentication = new AuthenticationBuilder()
                        .addUsername(proxy.getUsername())
                        .addPassword(proxy.getPassword())
                        .build();
                selector.add(
                        new org.eclipse.aether.repository.Proxy(
                                proxy.getProtocol(), proxy.getHost(), proxy.getPort(), authentication),
                        proxy.getNonProxyHosts());
            }
        }
        return selector;
    }

    static AuthenticationSelector authentication(Settings settings) {
        var selector = new DefaultAuthenticationSelector();
        for (Server server : settings.getServers()) {
            var authentication = new AuthenticationBuilder()
                    .addUsername(server.getUsername())
                    .addPassword(server.getPassword())
                    .addPrivateKey(server.getPrivateKey(), server.getPassphrase())
                    .build();
            selector.add(server.getId(), authentication);
        }
        return selector;
    }
}
