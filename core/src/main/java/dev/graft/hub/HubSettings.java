package dev.graft.hub;

import dev.graft.Cache;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the hub looks and what it may do.
 *
 * @param cache folder of models that Graft unpacks
 * @param huggingFace Hugging Face's own cache: the folder that holds {@code models--owner--name}
 * @param endpoint address of Hugging Face or of a mirror
 * @param token sent to the endpoint, and nowhere else
 * @param offline whether no connection may be opened
 */
public record HubSettings(
        Path cache,
        Path huggingFace,
        URI endpoint,
        Optional<String> token,
        boolean offline,
        DownloadListener listener) {
    private static final String ENDPOINT = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    /** The settings of this process's environment, which are those of Hugging Face's own libraries. */
    public static HubSettings fromEnvironment() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /** The settings that environment variables stand for. */
    static HubSettings of(Map<String, String> environment, Path home) {
        Path base = path(environment, "HF_HOME")
                .orElseGet(() -> path(environment, "XDG_CACHE_HOME")
                        .orElse(home.resolve(".cache"))
                        .resolve("huggingface"));
        Path hub = path(environment, "HF_HUB_CACHE")
                .or(() -> path(environment, "HUGGINGFACE_HUB_CACHE"))
                .orElse(base.resolve("hub"));
        return new HubSettings(
                Cache.folder().resolve("models"),
                hub,
                URI.create(text(environment, "HF_ENDPOINT").orElse(ENDPOINT).replaceAll("/+$", "")),
                text(environment, "HF_TOKEN").or(() -> TokenFile.read(environment, base)),
                text(environment, "HF_HUB_OFFLINE").map(HubSettings::isTrue).orElse(false),
                DownloadListener.SILENT);
    }

    private static boolean isTrue(String text) {
        return TRUE.contains(text.toUpperCase(java.util.Locale.ROOT));
    }

    static Optional<Path> path(Map<String, String> environment, String name) {
        return text(environment, name).map(Path::of);
    }

    private static Optional<String> text(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** These settings with the network forbidden, or as the environment has it. */
    public HubSettings withOffline(boolean offline) {
        return new HubSettings(cache, huggingFace, endpoint, token, offline, listener);
    }

    /** These settings with another listener. */
    public HubSettings withListener(DownloadListener listener) {
        return new HubSettings(cache, huggingFace, endpoint, token, offline, listener);
    }

    /** All settings but the token, which must not reach a log. */
    @Override
    public String toString() {
        return "HubSettings[cache=" + cache + ", huggingFace=" + huggingFace + ", endpoint=" + endpoint + ", offline="
                + offline + "]";
    }
}
