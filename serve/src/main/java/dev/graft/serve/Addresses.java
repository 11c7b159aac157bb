package dev.graft.serve;

import com.linecorp.armeria.common.HttpMethod;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which methods are offered at which address. */
final class Addresses {
    private static final Pattern PARAMETER = Pattern.compile("\\{\\w+}");

    private final Map<String, Set<HttpMethod>> methods = new TreeMap<>();

    /** Remembers that methods are offered at a path, which may have parameters in braces. */
    Set<HttpMethod> add(String path, HttpMethod... offered) {
        Set<HttpMethod> added = EnumSet.copyOf(List.of(offered));
        methods.computeIfAbsent(path, none -> EnumSet.noneOf(HttpMethod.class)).addAll(added);
        return added;
    }

    /** All of them, by the paths as they were added. */
    Map<String, Set<HttpMethod>> all() {
        return Collections.unmodifiableMap(methods);
    }

    /** The value of {@code Allow} for a path as a caller asks for it; empty where nothing is offered. */
    Optional<String> allowed(String asked) {
        String path = asked.replaceFirst("\\?.*", "");
        return methods.entrySet().stream()
                .filter(known -> matches(known.getKey(), path))
                .findFirst()
                .map(known -> allow(known.getValue()));
    }

    private static boolean matches(String known, String path) {
        String pattern = PARAMETER.splitAsStream(known).map(Pattern::quote).collect(Collectors.joining("[^/]+"));
        return path.matches(known.endsWith("}") ? pattern + "[^/]+" : pattern);
    }

    /** Methods as the header lists them. */
    static String allow(Set<HttpMethod> methods) {
        return methods.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
    }
}
