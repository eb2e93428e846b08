package dev.millrace.testkit.spring.shop;

import org.springframework.stereotype.Component;

/** A part of the application that has nothing to do with producers. */
@Component
public class Kitchen {}
