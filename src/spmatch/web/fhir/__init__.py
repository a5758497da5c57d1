"""The FHIR R4 door: a ServiceRequest in, a Bundle of HealthcareService out.

``docs/fhir.md`` maps every element both ways and says what is lost.
"""
