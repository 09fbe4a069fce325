"""The practice company: loopback servers written from the vendors' documents."""
