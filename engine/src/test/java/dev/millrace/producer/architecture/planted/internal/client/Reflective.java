package dev.millrace.producer.architecture.planted.internal.client;

import java.lang.management.ManagementFactory;
import java.util.ServiceLoader;
import javax.management.MBeanServer;

/** Finds classes by name, and beans. */
public final class Reflective {
    private Reflective() {}

    /** By name. */
    public static Class<?> load(String name) throws ClassNotFoundException {
        return Class.forName(name);
    }

    /** By a file's word. */
    public static Object provider() {
        return ServiceLoader.load(Runnable.class);
    }

    /** JMX. */
    public static MBeanServer beans() {
        return ManagementFactory.getPlatformMBeanServer();
    }
}
