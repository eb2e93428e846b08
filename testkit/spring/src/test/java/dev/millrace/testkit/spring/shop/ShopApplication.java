package dev.millrace.testkit.spring.shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** What a user starts; slices look for it. */
@SpringBootApplication
public class ShopApplication {}
